import { callAnswerSchema } from '@beseda/protocol/calls'
import { redisKeys } from '@beseda/protocol/redis'
import { v7 } from 'uuid'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { eventually } from './testing/eventually.ts'
import { type Caller, type CallHouse, openCallHouse } from './testing/house.ts'

let house: CallHouse
/** Owner, admin, and two members, the second of whom started the call. */
let anna: Caller
let boris: Caller
let vera: Caller
let gleb: Caller
let stranger: Caller
let chatId: string
let callId: string

beforeAll(async () => {
  house = await openCallHouse({ RATE_LIMITS: 'off' })
  ;[anna, boris, vera, gleb, stranger] = await Promise.all([
    house.person('Анна'),
    house.person('Борис'),
    house.person('Вера'),
    house.person('Глеб'),
    house.person('Чужой'),
  ])
})
afterAll(() => house.close())
beforeEach(async () => {
  chatId = await house.chat('group', [anna, boris, vera, gleb])
  await ask(anna, 'PATCH', `/chats/${chatId}/members/${boris.id}`, { role: 'admin' })
  const reply = await gleb.post(`/chats/${chatId}/calls`, { type: 'audio', leaveOther: true })
  callId = callAnswerSchema.parse(reply.json()).call.id
})

async function ask(person: Caller, method: 'PATCH' | 'DELETE', path: string, payload?: object) {
  const { headers } = person
  const request = { method, url: `/api${path}`, headers }
  return house.app.inject({ ...request, ...(payload && { payload }) })
}

const peer = (who: { id: string }) => `/calls/${callId}/peers/${who.id}`

const told = () =>
  house.sfu.commands.filter((command) => 'callId' in command && command.callId === callId)

test('a moderator mutes, lets speak and removes: the SFU is told', async () => {
  expect((await ask(boris, 'PATCH', peer(vera), { muted: true })).statusCode).toBe(204)
  expect((await ask(boris, 'PATCH', peer(vera), { canSpeak: true })).statusCode).toBe(204)
  expect((await ask(anna, 'DELETE', peer(boris))).statusCode).toBe(204)
  await eventually(() => expect(told()).toHaveLength(3))
  const userId = vera.id
  expect(told()).toMatchObject([
    { type: 'mute', userId, sources: ['microphone'], byUserId: boris.id },
    { type: 'rights', userId, lowerHand: true },
    { type: 'remove', userId: boris.id, reason: 'removed' },
  ])
})

test('nobody acts on their like or above, nor does a member who started the call', async () => {
  const refused: [Caller, Caller][] = [
    [boris, anna],
    [boris, boris],
    [gleb, vera],
    [gleb, anna],
    [vera, vera],
  ]
  for (const [actor, target] of refused) {
    for (const body of [{ muted: true }, { canSpeak: true }, { canSpeak: false }]) {
      expect((await ask(actor, 'PATCH', peer(target), body)).statusCode).toBe(403)
    }
    expect((await ask(actor, 'DELETE', peer(target))).statusCode).toBe(403)
  }
  expect(told()).toEqual([])
})

test('in a personal call nobody moderates', async () => {
  const personal = await house.chat('personal', [anna, vera])
  const reply = await anna.post(`/chats/${personal}/calls`, { type: 'audio', leaveOther: true })
  callId = callAnswerSchema.parse(reply.json()).call.id
  expect((await ask(anna, 'PATCH', peer(vera), { muted: true })).statusCode).toBe(403)
  expect((await ask(anna, 'DELETE', peer(vera))).statusCode).toBe(403)
})

test('strangers, unknown calls, ended calls and empty bodies are refused', async () => {
  expect((await ask(stranger, 'PATCH', peer(vera), { muted: true })).statusCode).toBe(404)
  expect((await ask(anna, 'PATCH', peer(stranger), { muted: true })).statusCode).toBe(404)
  expect(
    (await ask(anna, 'PATCH', `/calls/${v7()}/peers/${vera.id}`, { muted: true })).statusCode,
  ).toBe(404)
  for (const body of [{}, { muted: false }, { canSpeak: 'yes' }, { loud: true }]) {
    expect((await ask(anna, 'PATCH', peer(vera), body)).statusCode).toBe(400)
  }
  await anna.post(`/calls/${callId}/end`)
  expect((await ask(anna, 'PATCH', peer(vera), { muted: true })).statusCode).toBe(409)
  expect((await ask(anna, 'DELETE', peer(vera))).statusCode).toBe(409)
})

test('who may speak keeps that against the settings, over a rejoin, until the call ends', async () => {
  const everything = ['microphone', 'camera', 'screen', 'screenAudio']
  await ask(anna, 'PATCH', peer(vera), { canSpeak: true })
  await ask(anna, 'PATCH', `/chats/${chatId}`, { callSettings: { onlyAdminsCanSpeak: true } })
  const rightsOf = (who: Caller) =>
    told().findLast((command) => command.type === 'rights' && command.userId === who.id)
  await eventually(() => {
    expect(rightsOf(gleb)).toMatchObject({ publish: [], lowerHand: false })
    expect(rightsOf(vera)).toMatchObject({ publish: everything, lowerHand: false })
  })
  const publishOf = async (who: Caller) => {
    const reply = await who.post(`/calls/${callId}/join`, { leaveOther: true })
    return house.readCallToken(callAnswerSchema.parse(reply.json()).join.token).publish
  }
  expect(await publishOf(vera)).toEqual(everything)
  expect(await publishOf(gleb)).toEqual([])

  await ask(anna, 'PATCH', peer(vera), { canSpeak: false })
  await eventually(() => expect(rightsOf(vera)).toMatchObject({ publish: [], lowerHand: false }))
  expect(await publishOf(vera)).toEqual([])
  await ask(anna, 'PATCH', peer(vera), { canSpeak: true })
  await anna.post(`/calls/${callId}/end`)
  expect(await house.redis.exists(redisKeys.callSpeakers(callId))).toBe(0)
})
