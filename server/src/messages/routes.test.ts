import { type Message, messagePageSchema, messageSchema } from '@beseda/protocol/messages'
import { v4 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestHouse, type TestHouse } from '../testing/app.ts'
import type { Person } from '../testing/person.ts'
import { appendMessage } from './store.ts'

let house: TestHouse
let anna: Person
let boris: Person
beforeAll(async () => {
  house = await openTestHouse()
  anna = await house.person('Анна')
  boris = await house.person('Борис')
})
afterAll(() => house.close())

const seqsOf = (messages: Message[]) => messages.map(({ seq }) => seq)

describe('sending', () => {
  test('answers with the message as everybody sees it', async () => {
    const chat = await anna.personalChat(boris.id)
    const clientId = v4()
    const reply = await anna.call('POST', `/chats/${chat.id}/messages`, {
      body: ' привет\n',
      clientId,
    })
    expect(reply.statusCode).toBe(201)
    expect(messageSchema.parse(reply.json())).toMatchObject({
      chatId: chat.id,
      seq: 1,
      body: ' привет\n',
      clientId,
      system: null,
      sender: { id: anna.id, displayName: 'Анна' },
    })
  })

  test('numbers the messages of many senders without gaps', async () => {
    const chat = await anna.group([boris.id])
    const sent = await Promise.all(
      Array.from({ length: 30 }, (_, index) => (index % 2 ? anna : boris).send(chat.id, 'x')),
    )
    expect(seqsOf(sent).sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, i) => i + 2))
  })

  test('is done once however often it is retried, also at once', async () => {
    const chat = await anna.group([])
    const body = { body: 'once', clientId: v4() }
    const send = () => anna.call('POST', `/chats/${chat.id}/messages`, body)
    const replies = await Promise.all([send(), send(), send(), send()])
    replies.push(await send())
    expect(new Set(replies.map((reply) => reply.json().id)).size).toBe(1)
    expect(replies.map((reply) => reply.statusCode)).toEqual([201, 201, 201, 201, 201])
    expect((await anna.send(chat.id, 'next')).seq).toBe(3)
  })

  test('refuses a client id that was used in another chat, and skips no number', async () => {
    const [one, other] = [await anna.group([]), await anna.group([])]
    const body = { body: 'x', clientId: v4() }
    const replies = await Promise.all(
      [one, other].map((chat) => anna.call('POST', `/chats/${chat.id}/messages`, body)),
    )
    expect(replies.map((reply) => reply.statusCode).sort()).toEqual([201, 409])
    expect(replies.find((reply) => reply.statusCode === 409)?.json().code).toBe('CLIENT_ID_REUSED')
    const [first, second] = [await anna.send(one.id, 'y'), await anna.send(other.id, 'y')]
    expect(seqsOf([first, second]).sort()).toEqual([2, 3])
  })

  test('is for its leaders in a channel', async () => {
    const body = { type: 'channel', name: 'News', memberIds: [boris.id] }
    const { id } = (await anna.call('POST', '/chats', body)).json()
    const message = { body: 'x', clientId: v4() }
    const byMember = await boris.call('POST', `/chats/${id}/messages`, message)
    expect(byMember.json().code).toBe('FORBIDDEN')
    expect((await anna.call('POST', `/chats/${id}/messages`, message)).statusCode).toBe(201)
  })

  test('counts only for the role by which it was allowed', async () => {
    const { db } = house.first.services
    const { id } = await anna.group([boris.id])
    const content = { senderId: boris.id, clientId: v4(), body: 'x', system: null }
    expect(await appendMessage(db, id, content, 'admin')).toBeUndefined()
    expect(await appendMessage(db, id, { ...content, senderId: v4() }, 'member')).toBeUndefined()
    expect(await appendMessage(db, id, content, 'member')).toMatchObject({ seq: 2, body: 'x' })
  })
})

describe('history', () => {
  let chatId: string
  beforeAll(async () => {
    chatId = (await anna.personalChat((await house.person()).id)).id
    for (let index = 1; index <= 10; index += 1) await anna.send(chatId, `message ${index}`)
  })

  test.each([
    ['', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], null],
    ['limit=4', [7, 8, 9, 10], '7'],
    ['limit=4&before=7', [3, 4, 5, 6], '3'],
    ['limit=4&before=3', [1, 2], null],
    ['limit=4&after=3', [4, 5, 6, 7], '7'],
    ['limit=4&after=6', [7, 8, 9, 10], null],
    ['limit=4&after=10', [], null],
    ['limit=4&around=5', [4, 5, 6, 7], '4'],
    ['limit=1&around=5', [5], '5'],
    ['limit=4&around=1', [1, 2, 3], null],
    [`before=${Number.MAX_SAFE_INTEGER}&limit=2`, [9, 10], '9'],
    ['before=0', [], null],
  ])('page ?%s', async (query, seqs, cursor) => {
    const reply = await anna.call('GET', `/chats/${chatId}/messages?${query}`)
    const { items, nextCursor } = messagePageSchema.parse(reply.json())
    expect([seqsOf(items), nextCursor]).toEqual([seqs, cursor])
  })
})

describe('read marker', () => {
  test('counts what others wrote after it, moves forward only and not past the end', async () => {
    const chat = await anna.group([boris.id])
    await anna.send(chat.id, 'a')
    await boris.send(chat.id, 'b')
    await anna.send(chat.id, 'c')
    const unread = async () => (await boris.call('GET', `/chats/${chat.id}`)).json().unreadCount
    const read = async (seq: number) =>
      (await boris.call('PUT', `/chats/${chat.id}/read`, { seq })).json()
    expect(await unread()).toBe(2)
    expect(await read(2)).toEqual({ seq: 2, lastSeq: 4, unreadCount: 1, mentionCount: 0 })
    expect(await read(1)).toEqual({ seq: 2, lastSeq: 4, unreadCount: 1, mentionCount: 0 })
    expect(await read(Number.MAX_SAFE_INTEGER)).toEqual({
      seq: 4,
      lastSeq: 4,
      unreadCount: 0,
      mentionCount: 0,
    })
    expect(await unread()).toBe(0)
  })
})
