import { callAnswerSchema } from '@beseda/protocol/calls'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { eventually } from './testing/eventually.ts'
import { type Caller, type CallHouse, openCallHouse } from './testing/house.ts'

let house: CallHouse
let anna: Caller
let boris: Caller
let chatId: string
let callId: string
beforeAll(async () => {
  house = await openCallHouse()
  anna = await house.person('Анна')
  boris = await house.person('Борис')
})
afterAll(() => house.close())
beforeEach(async () => {
  chatId = await house.chat('group', [anna, boris])
  const reply = await anna.post(`/chats/${chatId}/calls`, { type: 'video' })
  callId = callAnswerSchema.parse(reply.json()).call.id
})

async function ask(person: Caller, method: 'PATCH' | 'DELETE', path: string, body?: object) {
  const { headers } = person
  const url = `/api/chats/${chatId}${path}`
  const reply = await house.app.inject({ method, url, headers, ...(body && { body }) })
  expect(reply.statusCode, reply.body).toBeLessThan(300)
}

/** What the SFU was told of this call. */
const told = () =>
  house.sfu.commands.filter((command) => command.type !== 'drain' && command.callId === callId)

const everything = ['microphone', 'camera', 'screen', 'screenAudio']

test('call settings that change tell the SFU what each member may publish', async () => {
  await ask(anna, 'PATCH', '', { callSettings: { muteAll: true } })
  const rights = { type: 'rights', callId, lowerHand: false, at: expect.any(Number) }
  await eventually(() => expect(told()).toHaveLength(2))
  expect(told()).toEqual(
    expect.arrayContaining([
      { ...rights, userId: anna.id, publish: everything },
      { ...rights, userId: boris.id, publish: ['camera', 'screen', 'screenAudio'] },
    ]),
  )
})

test('a new role tells the SFU what that member may publish', async () => {
  await ask(anna, 'PATCH', '', { callSettings: { onlyAdminsCanSpeak: true } })
  await ask(anna, 'PATCH', `/members/${boris.id}`, { role: 'admin' })
  const rights = {
    type: 'rights',
    callId,
    userId: boris.id,
    lowerHand: false,
    at: expect.any(Number),
  }
  await eventually(() => expect(told()).toHaveLength(3))
  expect(told()).toContainEqual({ ...rights, publish: [] })
  expect(told().at(-1)).toEqual({ ...rights, publish: everything })
})

test.each([
  ['is removed', () => anna],
  ['leaves', () => boris],
])('a member who %s is put out of the call, which goes on', async (_how, by) => {
  await ask(by(), 'DELETE', `/members/${boris.id}`)
  await eventually(() =>
    expect(told()).toEqual([
      {
        type: 'remove',
        callId,
        userId: boris.id,
        reason: 'removed',
        at: expect.any(Number),
      },
    ]),
  )
  expect((await boris.post(`/calls/${callId}/join`)).statusCode).toBe(404)
  expect((await anna.get(`/calls/${callId}`)).json().status).toBe('ringing')
})

test('a chat that is deleted ends its call first', async () => {
  await ask(anna, 'DELETE', '')
  await eventually(() => expect(told()).toEqual([{ type: 'end', callId }]))
  const endings = () =>
    boris.events.flatMap((event) => {
      const isHere = 'chatId' in event && event.chatId === chatId
      return isHere && /^(call\.ended|chat\.closed)$/.test(event.type) ? [event.type] : []
    })
  await eventually(() => expect(endings()).toEqual(['call.ended', 'chat.closed']))
})

test('calls that start while the chat is being deleted do not outlive it', async () => {
  await anna.post(`/calls/${callId}/end`)
  const starts = Array.from({ length: 4 }, () =>
    anna.post(`/chats/${chatId}/calls`, { type: 'audio' }),
  )
  await Promise.all([...starts, ask(anna, 'DELETE', '')])
  await eventually(async () => {
    expect(await house.calls.chatChanges.isOn(chatId)).toBe(false)
  })
})
