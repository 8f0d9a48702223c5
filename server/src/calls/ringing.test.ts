import { callAnswerSchema, callSchema } from '@beseda/protocol/calls'
import { spans } from '@beseda/protocol/limits'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { messages } from '../messages/schema.ts'
import { makeCalls } from './calls.ts'
import { eventually } from './testing/eventually.ts'
import { type Caller, type CallHouse, openCallHouse } from './testing/house.ts'

let house: CallHouse
let anna: Caller
let boris: Caller
let vera: Caller

beforeAll(async () => {
  house = await openCallHouse({ RATE_LIMITS: 'off' })
})
afterAll(() => house.close())
beforeEach(async () => {
  ;[anna, boris, vera] = await Promise.all([
    house.person('Анна'),
    house.person('Борис'),
    house.person('Вера'),
  ])
})

const personal = () => house.chat('personal', [anna, boris])
const group = () => house.chat('group', [anna, boris, vera])

async function call(chatId: string, by = anna) {
  const reply = await by.post(`/chats/${chatId}/calls`, { type: 'audio' })
  const { id: callId } = callAnswerSchema.parse(reply.json()).call
  await house.sfu.join({ callId, chatId, userId: by.id })
  return { chatId, callId }
}

const rang = ({ events }: Pick<Caller, 'events'>, callId: string) =>
  events.flatMap((event) =>
    event.type === 'call.ringing' && event.call.id === callId ? [{ silent: event.silent }] : [],
  )

async function story(chatId: string) {
  const rows = await house.db.select().from(messages).where(eq(messages.chatId, chatId))
  return rows.flatMap(({ system }) => (system?.event === 'call.ended' ? [system.outcome] : []))
}

test('every device of the called rings; none of the caller', async () => {
  const phone = await boris.device()
  const mine = await anna.device()
  const { callId } = await call(await personal())
  await eventually(() => {
    expect(rang(boris, callId)).toEqual([{ silent: false }])
    expect(rang(phone, callId)).toEqual([{ silent: false }])
  })
  expect(rang(anna, callId)).toEqual([])
  expect(rang(mine, callId)).toEqual([])
})

test('accepted: all devices of that person stop ringing, and the call is on', async () => {
  const phone = await boris.device()
  const { callId } = await call(await personal())
  await eventually(() => expect(rang(phone, callId)).toHaveLength(1))
  await boris.post(`/calls/${callId}/join`)
  await eventually(() => {
    for (const { events } of [boris, phone]) {
      expect(events.filter(({ type }) => type === 'call.answered')).toHaveLength(1)
    }
    expect(anna.heard('call.updated', callId).at(-1)).toMatchObject({ call: { status: 'active' } })
  })
})

test('declined: a personal call ends for all devices of both', async () => {
  const phone = await boris.device()
  const { chatId, callId } = await call(await personal())
  await boris.post(`/calls/${callId}/decline`)
  const end = { outcome: 'declined', reason: 'declined' }
  await eventually(() => {
    for (const { events } of [anna, boris, phone]) {
      expect(events.filter(({ type }) => type === 'call.ended')).toMatchObject([end])
    }
  })
  expect(await story(chatId)).toEqual(['declined'])
})

test('declined in a group: that person’s devices stop, the others ring on, also after a reload', async () => {
  const phone = await boris.device()
  const { chatId, callId } = await call(await group())
  await boris.post(`/calls/${callId}/decline`)
  await eventually(() => {
    for (const { events } of [boris, phone, vera]) {
      expect(events.find(({ type }) => type === 'call.declined')).toMatchObject({
        userId: boris.id,
      })
    }
  })
  const seen = callSchema.parse((await boris.get(`/calls/${callId}`)).json())
  expect(seen).toMatchObject({ status: 'ringing', declined: [boris.id] })
  expect(await story(chatId)).toEqual([])

  await vera.post(`/calls/${callId}/decline`)
  await eventually(() =>
    expect(anna.heard('call.ended', callId)).toMatchObject([{ reason: 'declined' }]),
  )
  expect(await story(chatId)).toEqual(['declined'])
})

test('busy: who is in another call sees it in silence, and can go over', async () => {
  const other = await house.person('Глеб')
  const { callId: busy } = await call(await house.chat('group', [boris, other]), boris)
  const { callId } = await call(await group())
  await eventually(() => {
    expect(rang(boris, callId)).toEqual([{ silent: true }])
    expect(rang(vera, callId)).toEqual([{ silent: false }])
  })
  const over = await boris.post(`/calls/${callId}/join`, { leaveOther: true })
  expect(over.statusCode).toBe(200)
  await eventually(() =>
    expect(house.sfu.commands).toContainEqual(
      expect.objectContaining({ type: 'remove', callId: busy, userId: boris.id, reason: 'left' }),
    ),
  )
})

test('do not disturb: nothing rings, and the call is missed', async () => {
  await boris.call('PATCH', '/me', { status: 'dnd' })
  const { chatId, callId } = await call(await personal())
  await eventually(() => expect(boris.heard('call.updated', callId).length).toBeGreaterThan(0))
  expect(rang(boris, callId)).toEqual([])
  await later(spans.ringing + 1)
  expect(await story(chatId)).toEqual(['missed'])
  // Who chooses to come all the same may.
  const second = await call(chatId)
  expect((await boris.post(`/calls/${second.callId}/join`)).statusCode).toBe(200)
})

test('cancelled: the devices of the called stop, the chat says missed', async () => {
  const { chatId, callId } = await call(await personal())
  await anna.post(`/calls/${callId}/end`)
  await eventually(() =>
    expect(boris.heard('call.ended', callId)).toMatchObject([
      { outcome: 'missed', reason: 'cancelled' },
    ]),
  )
  expect(await story(chatId)).toEqual(['missed'])
})

test('cancelled by leaving, as when the caller’s page is closed', async () => {
  const { chatId, callId } = await call(await personal())
  await house.sfu.leave({ chatId, callId, userId: anna.id })
  await eventually(() =>
    expect(boris.heard('call.ended', callId)).toMatchObject([
      { outcome: 'missed', reason: 'cancelled' },
    ]),
  )
})

test('unanswered: after 45 s it is missed, with a system message', async () => {
  const { chatId, callId } = await call(await group())
  await later(spans.ringing + 1)
  await eventually(() => {
    for (const person of [boris, vera]) {
      expect(person.heard('call.ended', callId)).toMatchObject([
        { outcome: 'missed', reason: 'unanswered' },
      ])
    }
  })
  expect(await story(chatId)).toEqual(['missed'])
})

test('group ring: one answers, the others ring on and may come late', async () => {
  const { chatId, callId } = await call(await group())
  await boris.post(`/calls/${callId}/join`)
  await house.sfu.join({ callId, chatId, userId: boris.id })
  await eventually(() => expect(boris.heard('call.answered', callId)).toHaveLength(1))
  expect(vera.heard('call.answered', callId)).toEqual([])
  await later(spans.ringing + 1)
  expect((await vera.post(`/calls/${callId}/join`)).statusCode).toBe(200)
  await eventually(() => expect(vera.heard('call.answered', callId)).toHaveLength(1))
})

test('in a channel nobody is rung', async () => {
  const { callId } = await call(await house.chat('channel', [anna, boris]))
  await eventually(() => expect(boris.heard('call.updated', callId).length).toBeGreaterThan(0))
  expect(rang(boris, callId)).toEqual([])
})

/** What a server does whose clock is that far ahead. */
async function later(ms: number) {
  const ahead = makeCalls({ ...house.servers[0].services, now: () => Date.now() + ms })
  await ahead.sweep.look()
}
