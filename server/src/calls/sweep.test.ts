import { callAnswerSchema } from '@beseda/protocol/calls'
import { spans } from '@beseda/protocol/limits'
import { callTtlSeconds, redisKeys } from '@beseda/protocol/redis'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { messages } from '../messages/schema.ts'
import { makeCalls } from './calls.ts'
import { callParticipants, calls } from './schema.ts'
import { eventually } from './testing/eventually.ts'
import { resumeKeyOf, startFakeSfu } from './testing/fake-sfu.ts'
import { type Caller, type CallHouse, openCallHouse } from './testing/house.ts'

let house: CallHouse
let anna: Caller
let boris: Caller

beforeAll(async () => {
  house = await openCallHouse()
  ;[anna, boris] = await Promise.all([house.person('Анна'), house.person('Борис')])
})
afterAll(() => house.close())
beforeEach(() => house.sfu.register())

/** A server that was started just now and whose clock runs ahead. */
function serverAhead(ms: () => number) {
  return makeCalls({ ...house.servers[0].services, now: () => Date.now() + ms() })
}

async function startedCall() {
  const chatId = await house.chat('group', [anna, boris])
  const reply = await anna.post(`/chats/${chatId}/calls`, {
    type: 'audio',
    leaveOther: true,
  })
  return { chatId, callId: callAnswerSchema.parse(reply.json()).call.id }
}

async function answeredCall() {
  const call = await startedCall()
  await boris.post(`/calls/${call.callId}/join`, { leaveOther: true })
  return call
}

async function outcome(callId: string) {
  const [row] = await house.db.select().from(calls).where(eq(calls.id, callId))
  return row?.outcome
}

async function stays(callId: string) {
  return house.db.select().from(callParticipants).where(eq(callParticipants.callId, callId))
}

async function endMessages(chatId: string) {
  const rows = await house.db.select().from(messages).where(eq(messages.chatId, chatId))
  return rows.filter(({ system }) => system?.event === 'call.ended')
}

test('a call that nobody answers is missed after 45 s, once, whoever sweeps', async () => {
  const { chatId, callId } = await startedCall()
  await serverAhead(() => 44_000).sweep.look()
  expect(await outcome(callId)).toBeNull()
  const late = [serverAhead(() => 45_001), serverAhead(() => 45_001)]
  await Promise.all(late.map(({ sweep }) => sweep.look()))
  expect(await outcome(callId)).toBe('missed')
  expect(await endMessages(chatId)).toHaveLength(1)
  await eventually(() =>
    expect(boris.heard('call.ended', callId)).toMatchObject([{ outcome: 'missed' }]),
  )
})

test('an answered call rings no more', async () => {
  const { callId } = await answeredCall()
  await serverAhead(() => 46_000).sweep.look()
  expect(await outcome(callId)).toBeNull()
})

test('a call whose node died ends as failed when nobody came back for 30 s', async () => {
  const call = await answeredCall()
  await house.sfu.join({ ...call, userId: anna.id })
  let ahead = 6_000
  const { sweep } = serverAhead(() => ahead)
  await sweep.look()
  await house.sfu.die()
  ahead = 12_000
  await sweep.look()
  ahead = 41_000
  await sweep.look()
  expect(await outcome(call.callId)).toBeNull()
  ahead = 47_000
  await sweep.look()
  expect(await outcome(call.callId)).toBe('failed')
})

test('a call whose people came back to another node goes on', async () => {
  const call = await answeredCall()
  await house.sfu.join({ ...call, userId: anna.id })
  await house.sfu.die()
  let ahead = 6_000
  const { sweep } = serverAhead(() => ahead)
  await sweep.look()
  const spare = await startFakeSfu(house.redis, 'node-2')
  await anna.post(`/calls/${call.callId}/join`, {
    failedEpoch: 1,
    resumeKey: resumeKeyOf(anna.id),
  })
  await spare.join({ ...call, userId: anna.id })
  for (ahead of [12_000, 40_000, 80_000]) await sweep.look()
  expect(await outcome(call.callId)).toBeNull()
  await spare.die()
  spare.close()
})

test('an active call without anybody in it ends after a minute', async () => {
  const { callId } = await answeredCall()
  let ahead = 50_000
  const { sweep } = serverAhead(() => ahead)
  await sweep.look()
  expect(await outcome(callId)).toBeNull()
  ahead = 61_000
  await sweep.look()
  expect(await outcome(callId)).toBe('ended')
})

test('a call that people are in keeps its state alive', async () => {
  const call = await answeredCall()
  await house.sfu.join({ ...call, userId: anna.id })
  await house.redis.expire(redisKeys.call(call.callId), 100)
  let ahead = 0
  const { sweep } = serverAhead(() => ahead)
  for (ahead of [6_000, 70_000, 140_000]) await sweep.look()
  expect(await outcome(call.callId)).toBeNull()
  expect(await house.redis.ttl(redisKeys.call(call.callId))).toBeGreaterThan(callTtlSeconds - 10)
})

test('the log of a call that Redis lost is closed as failed, once', async () => {
  const { chatId, callId } = await answeredCall()
  await house.redis.del(redisKeys.call(callId))
  let ahead = 16_000
  const servers = [serverAhead(() => ahead), serverAhead(() => ahead)] as const
  const reconcile = () => Promise.all(servers.map(({ sweep }) => sweep.reconcile()))
  await reconcile()
  // The SFU that has the call may be about to write it again.
  expect(await outcome(callId)).toBeNull()
  ahead = 32_000
  await reconcile()
  expect(await outcome(callId)).toBe('failed')
  expect(await endMessages(chatId)).toHaveLength(1)
  await servers[0].sweep.look()
  expect(await house.redis.zscore(redisKeys.callsDue, callId)).toBeNull()
})

test('the log that could not be written when the call ended is written later', async () => {
  const { chatId, callId } = await answeredCall()
  await house.calls.states.end({ id: callId, chatId }, Date.now(), 'left')
  expect(await outcome(callId)).toBeNull()
  await serverAhead(() => 16_000).sweep.reconcile()
  expect(await outcome(callId)).toBe('ended')
  await eventually(() =>
    expect(boris.heard('call.ended', callId)).toMatchObject([{ outcome: 'ended' }]),
  )
})

test('a running call is left alone by the reconciliation', async () => {
  const { callId } = await answeredCall()
  await serverAhead(() => 16_000).sweep.reconcile()
  expect(await outcome(callId)).toBeNull()
})

test('a killed node leaves no ghosts: who was there is lost, in Redis, in the chat and in the log', async () => {
  const call = await answeredCall()
  const spare = await startFakeSfu(house.redis, 'node-9')
  const { state } = (await house.calls.states.read(call.callId)) ?? {}
  if (!state) throw new Error('no call')
  await house.calls.states.reassign(state, state.epoch, 'node-9', Date.now())
  for (const { id: userId } of [anna, boris]) await spare.join({ ...call, userId })
  await eventually(async () => expect(await stays(call.callId)).toHaveLength(2))
  spare.kill()
  let ahead = 0
  const { sweep } = serverAhead(() => ahead)
  for (ahead of [6_000, 9_000]) await sweep.look()
  expect((await house.calls.states.read(call.callId))?.peers).toEqual([])
  expect(await stays(call.callId)).toMatchObject([{ reason: 'lost' }, { reason: 'lost' }])
  for (const { leftAt } of await stays(call.callId)) expect(leftAt).not.toBeNull()
  await eventually(() => {
    const last = boris.events.findLast((event) => event.type === 'call.updated')
    expect(last?.call).toMatchObject({ id: call.callId, peers: [] })
  })
  await spare.die()
})

test('a call lasts twelve hours at most', async () => {
  const call = await answeredCall()
  await house.sfu.join({ ...call, userId: anna.id })
  let ahead = spans.callMax - 5_000
  const { sweep } = serverAhead(() => ahead)
  await sweep.look()
  expect(await outcome(call.callId)).toBeNull()
  ahead = spans.callMax + 1_000
  await sweep.look()
  const [row] = await house.db.select().from(calls).where(eq(calls.id, call.callId))
  expect(row).toMatchObject({ outcome: 'ended', reason: 'expired' })
  await eventually(() =>
    expect(anna.heard('call.ended', call.callId)).toMatchObject([{ reason: 'expired' }]),
  )
})

test('rights that the SFU was not told of are told again, and so is a removal', async () => {
  const call = await answeredCall()
  for (const { id: userId } of [anna, boris]) await house.sfu.join({ ...call, userId })
  const vera = await house.person('Вера')
  await house.sfu.join({ ...call, userId: vera.id })
  await serverAhead(() => 16_000).sweep.reconcile()
  const about = () =>
    house.sfu.commands.filter((one) => 'callId' in one && one.callId === call.callId)
  await eventually(() => expect(about()).toHaveLength(3))
  const publish = ['microphone', 'camera', 'screen', 'screenAudio']
  expect(about()).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ type: 'rights', userId: anna.id, publish }),
      expect.objectContaining({ type: 'rights', userId: boris.id, publish }),
      expect.objectContaining({ type: 'remove', userId: vera.id, reason: 'removed' }),
    ]),
  )
})
