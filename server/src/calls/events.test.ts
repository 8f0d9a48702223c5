import { callAnswerSchema } from '@beseda/protocol/calls'
import { callEventsGroup, callEventsStream, type SfuEvent } from '@beseda/protocol/redis'
import { eq } from 'drizzle-orm'
import { pino } from 'pino'
import { v7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { messages } from '../messages/schema.ts'
import { makeCallEventHandler } from './events.ts'
import { callParticipants, calls } from './schema.ts'
import { eventually } from './testing/eventually.ts'
import { type Caller, type CallHouse, openCallHouse } from './testing/house.ts'

let house: CallHouse
let anna: Caller
let boris: Caller

beforeAll(async () => {
  house = await openCallHouse()
  ;[anna, boris] = await Promise.all([house.person('Анна'), house.person('Борис')])
})
afterAll(() => house.close())

const never = new AbortController().signal

async function startedCall() {
  const chatId = await house.chat('group', [anna, boris])
  const reply = await anna.post(`/chats/${chatId}/calls`, {
    type: 'audio',
    leaveOther: true,
  })
  const { call } = callAnswerSchema.parse(reply.json())
  return { chatId, callId: call.id }
}

async function stays(callId: string) {
  const rows = await house.db
    .select()
    .from(callParticipants)
    .where(eq(callParticipants.callId, callId))
  return rows.sort((one, other) => one.joinedAt.getTime() - other.joinedAt.getTime())
}

async function record(callId: string) {
  const [row] = await house.db.select().from(calls).where(eq(calls.id, callId))
  return row
}

async function endMessages(chatId: string) {
  const rows = await house.db.select().from(messages).where(eq(messages.chatId, chatId))
  return rows.filter(({ system }) => system?.event === 'call.ended')
}

test('who comes and goes is logged, the chat sees it, and the last one ends the call', async () => {
  const call = await startedCall()
  await house.sfu.join({ ...call, userId: anna.id })
  await boris.post(`/calls/${call.callId}/join`, { leaveOther: true })
  await house.sfu.join({ ...call, userId: boris.id })
  await eventually(() => {
    const last = anna.events.findLast((event) => event.type === 'call.updated')
    expect(last?.call.peers.map(({ userId }) => userId)).toEqual([anna.id, boris.id])
  })
  await house.sfu.leave({ ...call, userId: anna.id })
  await house.sfu.leave({ ...call, userId: boris.id })
  await eventually(() =>
    expect(boris.heard('call.ended', call.callId)).toMatchObject([{ outcome: 'ended' }]),
  )
  const rows = await stays(call.callId)
  expect(rows).toMatchObject([{ userId: anna.id }, { userId: boris.id }])
  for (const row of rows) expect(row.leftAt).toBeInstanceOf(Date)
  expect(await record(call.callId)).toMatchObject({ outcome: 'ended' })
  expect(await endMessages(call.chatId)).toHaveLength(1)
})

test('a caller who leaves before anybody came has missed them', async () => {
  const call = await startedCall()
  await house.sfu.join({ ...call, userId: anna.id })
  await house.sfu.leave({ ...call, userId: anna.id })
  await eventually(() =>
    expect(boris.heard('call.ended', call.callId)).toMatchObject([{ outcome: 'missed' }]),
  )
})

test('one who joins the SFU answers the call, whatever the REST join did', async () => {
  const call = await startedCall()
  await house.sfu.join({ ...call, userId: boris.id })
  await eventually(async () =>
    expect((await house.calls.states.read(call.callId))?.state.status).toBe('active'),
  )
})

test('a room that closed while somebody came back does not end the call', async () => {
  const call = await startedCall()
  await house.sfu.join({ ...call, userId: anna.id })
  const { chatId, callId } = call
  await house.calls.handle([{ type: 'ended', callId, chatId, why: 'empty', at: Date.now() }], never)
  expect((await house.calls.states.read(callId))?.state.status).toBe('ringing')
})

describe('an event that comes twice', () => {
  test('is one row, also between two servers that are in each other’s way', async () => {
    const call = await startedCall()
    const userId = boris.id
    for (let round = 0; round < 40; round++) {
      const at = 1_000 * (round + 1)
      const joined: SfuEvent = { type: 'joined', ...call, userId, at }
      const left: SfuEvent = { ...joined, type: 'left', joinedAt: at, reason: 'left', at: at + 500 }
      for (const event of [joined, joined, left, left]) await house.sfu.emit(event)
    }
    await eventually(async () => {
      const [pending] = await house.redis.xpending(callEventsStream, callEventsGroup)
      expect(pending).toBe(0)
      const rows = await stays(call.callId)
      expect(rows).toHaveLength(40)
      for (const row of rows) expect(row.leftAt).toEqual(new Date(row.joinedAt.getTime() + 500))
    })
  })

  test('because the server died before it acknowledged doubles nothing', async () => {
    const call = await startedCall()
    const at = Date.now()
    const story: SfuEvent[] = [
      { type: 'joined', ...call, userId: anna.id, at },
      { type: 'left', ...call, userId: anna.id, joinedAt: at, reason: 'left', at: at + 1 },
      { type: 'ended', ...call, why: 'empty', at: at + 1 },
    ]
    await house.calls.handle(story, never)
    await Promise.all(house.servers.map(({ services }) => services.calls.handle(story, never)))
    expect(await stays(call.callId)).toHaveLength(1)
    expect(await endMessages(call.chatId)).toHaveLength(1)
    await eventually(() => expect(anna.heard('call.ended', call.callId)).toHaveLength(1))
  })
})

describe('trouble', () => {
  const quiet = pino({ level: 'silent' })

  test('an event that the database refuses is dropped and told of; the next one is handled', async () => {
    const call = await startedCall()
    const log = Object.assign(pino({ level: 'silent' }), { error: vi.fn() })
    const handle = makeCallEventHandler({ ...parts(), log })
    const at = Date.now()
    await handle(
      [
        { type: 'joined', ...call, userId: v7(), at },
        { type: 'joined', ...call, userId: boris.id, at },
      ],
      never,
    )
    expect(log.error).toHaveBeenCalledOnce()
    expect(await stays(call.callId)).toMatchObject([{ userId: boris.id }])
  })

  test('an event waits for a database that is away', async () => {
    const call = await startedCall()
    let away = 2
    const db = new Proxy(house.db, {
      get(target, name) {
        if (name === 'transaction' && away-- > 0) return () => Promise.reject(new Error('away'))
        return Reflect.get(target, name, target)
      },
    })
    const handle = makeCallEventHandler({ ...parts(), db, log: quiet })
    await handle([{ type: 'joined', ...call, userId: boris.id, at: Date.now() }], never)
    expect(away).toBeLessThan(0)
    expect(await stays(call.callId)).toHaveLength(1)
  })

  test('a leave that overtakes its join on another server is the same stay', async () => {
    const call = await startedCall()
    const about = { ...call, userId: boris.id }
    const left: SfuEvent = { type: 'left', ...about, joinedAt: 1_000, reason: 'left', at: 2_000 }
    await house.calls.handle([left], never)
    await house.calls.handle([{ type: 'joined', ...about, at: 1_000 }], never)
    expect(await stays(call.callId)).toMatchObject([
      { joinedAt: new Date(1_000), leftAt: new Date(2_000), reason: 'left' },
    ])
  })

  test('a leave that is told after the call ended changes nothing', async () => {
    const call = await startedCall()
    const about = { ...call, userId: anna.id }
    const joinedAt = Date.now()
    await house.calls.handle([{ type: 'joined', ...about, at: joinedAt }], never)
    await anna.post(`/calls/${call.callId}/end`)
    const left: SfuEvent = {
      type: 'left',
      ...about,
      joinedAt,
      reason: 'left',
      at: joinedAt + 9_000,
    }
    await house.calls.handle([left], never)
    expect(await stays(call.callId)).toMatchObject([{ reason: 'ended' }])
  })

  test('closing gives up waiting, and says that the event was not handled', async () => {
    const call = await startedCall()
    const db = new Proxy(house.db, {
      get: (target, name) =>
        name === 'transaction'
          ? () => Promise.reject(new Error('away'))
          : Reflect.get(target, name, target),
    })
    const handle = makeCallEventHandler({ ...parts(), db, log: quiet })
    const closing = new AbortController()
    const event: SfuEvent = { type: 'joined', ...call, userId: boris.id, at: Date.now() }
    const handled = expect(handle([event], closing.signal)).rejects.toThrow()
    closing.abort()
    await handled
  })

  function parts() {
    const { states, control } = house.calls
    return { db: house.db, states, control }
  }
})
