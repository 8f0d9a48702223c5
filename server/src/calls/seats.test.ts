import { callAnswerSchema, myCallSchema } from '@beseda/protocol/calls'
import { errorBodySchema } from '@beseda/protocol/errors'
import { redisKeys } from '@beseda/protocol/redis'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { eventually } from './testing/eventually.ts'
import { resumeKeyOf } from './testing/fake-sfu.ts'
import { type Caller, type CallHouse, openCallHouse } from './testing/house.ts'

let house: CallHouse
let anna: Caller
let boris: Caller

beforeAll(async () => {
  house = await openCallHouse({ RATE_LIMITS: 'off' })
})
afterAll(() => house.close())
beforeEach(async () => {
  ;[anna, boris] = await Promise.all([house.person('Анна'), house.person('Борис')])
  house.sfu.commands.length = 0
})

const group = () => house.chat('group', [anna, boris])

async function start(chatId: string, who = anna, body: object = {}) {
  const reply = await who.post(`/chats/${chatId}/calls`, { type: 'audio', ...body })
  expect(reply.statusCode, reply.body).toBeLessThan(300)
  const { call, join } = callAnswerSchema.parse(reply.json())
  return { chatId, callId: call.id, token: join.token }
}

const myCall = async (who: Caller) =>
  myCallSchema.parse((await who.get('/me/call')).json()).call?.id ?? null

const commandsTo = (who: Caller) =>
  house.sfu.commands.filter((command) => 'userId' in command && command.userId === who.id)

test('who is in a call is asked before another one, which is not even made', async () => {
  const call = await start(await group())
  expect(await myCall(anna)).toBeNull()
  await house.sfu.join({ ...call, userId: anna.id })
  expect(await myCall(anna)).toBe(call.callId)

  const other = await group()
  const refused = await anna.post(`/chats/${other}/calls`, { type: 'audio' })
  expect(refused.statusCode).toBe(409)
  const { code, call: where } = errorBodySchema.parse(refused.json())
  expect({ code, where }).toEqual({
    code: 'IN_ANOTHER_CALL',
    where: { callId: call.callId, chatId: call.chatId },
  })
  expect((await house.calls.states.currentOfChats([other])).size).toBe(0)

  const theirs = await start(other, boris)
  expect((await anna.post(`/calls/${theirs.callId}/join`)).statusCode).toBe(409)
  expect(commandsTo(anna)).toEqual([])
})

test('who wants to leave the other call is put out of it with the reason', async () => {
  const call = await start(await group())
  await house.sfu.join({ ...call, userId: anna.id })
  await start(await group(), anna, { leaveOther: true })
  await eventually(() =>
    expect(commandsTo(anna)).toMatchObject([
      { type: 'remove', callId: call.callId, reason: 'left' },
    ]),
  )
})

test('a personal call that is left for another one ends', async () => {
  const call = await start(await house.chat('personal', [anna, boris]))
  await house.sfu.join({ ...call, userId: anna.id })
  await boris.post(`/calls/${call.callId}/join`)
  await start(await group(), anna, { leaveOther: true })
  await eventually(() =>
    expect(boris.heard('call.ended', call.callId)).toMatchObject([{ reason: 'left' }]),
  )
})

test('of two ways into two calls only the later one is good', async () => {
  const first = await start(await group())
  const second = await start(await group())
  const { iat } = house.readCallToken(first.token)
  await eventually(() => expect(commandsTo(anna)).toHaveLength(1))
  const [command] = commandsTo(anna)
  expect(command).toMatchObject({ type: 'remove', callId: first.callId })
  expect(command && 'at' in command && command.at).toBeGreaterThanOrEqual(iat * 1000)
  expect(await house.redis.get(redisKeys.userCall(anna.id))).toBe(second.callId)
})

test('another device asks before it takes the call over, the same device does not', async () => {
  const call = await start(await group())
  await house.sfu.join({ ...call, userId: anna.id })
  const join = async (body: object) => (await anna.post(`/calls/${call.callId}/join`, body)).json()
  expect(await join({})).toMatchObject({ code: 'IN_ANOTHER_CALL', call: { callId: call.callId } })
  expect(await join({ resumeKey: 'made up' })).toMatchObject({ code: 'IN_ANOTHER_CALL' })
  expect(await join({ resumeKey: resumeKeyOf(anna.id) })).toMatchObject({
    call: { id: call.callId },
  })
  expect(await join({ leaveOther: true })).toMatchObject({ call: { id: call.callId } })
  // Whoever the SFU lets in replaces the older device by itself.
  expect(commandsTo(anna)).toEqual([])
})

test('a call that has ended keeps nobody', async () => {
  const call = await start(await group())
  await house.sfu.join({ ...call, userId: anna.id })
  await anna.post(`/calls/${call.callId}/end`)
  expect(await myCall(anna)).toBeNull()
  await start(await group())
})
