import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestHouse, type TestHouse, type TestServer } from '../testing/app.ts'
import { openBareSocket, type TestSocket } from '../testing/event-socket.ts'
import type { Person } from '../testing/person.ts'

let house: TestHouse
let second: TestServer
let anna: Person
let boris: Person
beforeAll(async () => {
  house = await openTestHouse()
  second = await house.another()
  anna = await house.person('Анна')
  boris = await house.person('Борис')
})
afterAll(() => house.close())

const type = (socket: TestSocket, chatId: string) => socket.sendFrame({ type: 'typing', chatId })
const typings = (socket: TestSocket) => socket.events.filter((event) => event.type === 'typing')

/** Typing is dropped in silence: what would have come is there once a later word in `chatId` is. */
async function flush(from: TestSocket, chatId: string, to: TestSocket) {
  type(from, chatId)
  await to.next('typing', (event) => event.chatId === chatId)
}

test('reaches the other members on every server, and no own device', async () => {
  const chat = await anna.group([boris.id])
  const [writer, device] = [await anna.socket(), await anna.socket({}, second)]
  const reader = await boris.socket({}, second)
  type(writer, chat.id)
  const event = { type: 'typing', chatId: chat.id, userId: anna.id }
  expect(await reader.next('typing')).toEqual(event)
  const { id } = await anna.send(chat.id, 'done')
  for (const socket of [writer, device]) {
    await socket.next('message.created', ({ message }) => message.id === id)
    expect(typings(socket)).toEqual([])
  }
  for (const socket of [writer, device, reader]) await socket.close()
})

test('is passed on once in two seconds for each chat', async () => {
  const [one, other] = [await anna.group([boris.id]), await anna.group([boris.id])]
  const [writer, reader] = [await anna.socket(), await boris.socket()]
  for (let index = 0; index < 5; index += 1) type(writer, one.id)
  await flush(writer, other.id, reader)
  expect(typings(reader)).toHaveLength(2)
  await new Promise((resolve) => setTimeout(resolve, 2_050))
  type(writer, one.id)
  await expect.poll(() => typings(reader).length).toBe(3)
  for (const socket of [writer, reader]) await socket.close()
})

test('by those who are not in the chat, or may not post there, is dropped', async () => {
  const stranger = await house.person()
  const group = await anna.group([])
  const body = { type: 'channel', name: 'News', memberIds: [boris.id] }
  const channel = (await anna.call('POST', '/chats', body)).json()
  const common = await anna.group([boris.id, stranger.id])
  const [owner, member, outsider] = [
    await anna.socket(),
    await boris.socket(),
    await stranger.socket(),
  ]
  type(outsider, group.id)
  type(outsider, channel.id)
  type(member, channel.id)
  await flush(outsider, common.id, owner)
  await owner.next('typing')
  type(member, common.id)
  await owner.next('typing', ({ userId }) => userId === boris.id)
  expect(new Set(typings(owner).map((event) => event.chatId))).toEqual(new Set([common.id]))
  type(owner, channel.id)
  expect(await member.next('typing', (event) => event.chatId === channel.id)).toBeTruthy()
  for (const socket of [owner, member, outsider]) await socket.close()
})

test.each([
  [{ type: 'typing' }],
  [{ type: 'typing', chatId: 'x' }],
  [{ type: 'typing', chatId: null }],
  [{ type: 'typing', chatId: '01999999-0000-7000-8000-000000000001', userId: 'x' }],
])('%j closes with 4400', async (frame) => {
  const socket = await anna.socket()
  socket.sendFrame(frame)
  expect(await socket.closed).toBe(4400)
})

test('before hello closes with 4400', async () => {
  const socket = await openBareSocket(house.first.url)
  type(socket, '01999999-0000-7000-8000-000000000001')
  expect(await socket.closed).toBe(4400)
})
