import { limits } from '@beseda/protocol/limits'
import { type Message, messagePageSchema, messageSchema } from '@beseda/protocol/messages'
import { inArray } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestHouse, type TestHouse, type TestServer } from '../testing/app.ts'
import type { TestSocket } from '../testing/event-socket.ts'
import type { Person } from '../testing/person.ts'
import { messages } from './schema.ts'

let house: TestHouse
let second: TestServer
let anna: Person
let boris: Person
let stranger: Person
beforeAll(async () => {
  house = await openTestHouse()
  second = await house.another()
  anna = await house.person('Анна')
  boris = await house.person('Борис')
  stranger = await house.person('Somebody else')
})
afterAll(() => house.close())

type Verb = 'PUT' | 'DELETE'

const at = ({ chatId, id }: Message) => `/chats/${chatId}/messages/${id}`
const react = (person: Person, verb: Verb, message: Message, emoji: string) =>
  person.call(verb, `${at(message)}/reactions/${encodeURIComponent(emoji)}`)
const pin = (person: Person, verb: Verb, message: Message) =>
  person.call(verb, `${at(message)}/pin`)
const read = async (person: Person, message: Message) =>
  messageSchema.parse((await person.call('GET', at(message))).json())
const reactionsFor = async (person: Person, message: Message) =>
  (await read(person, message)).reactions

/** How many events of a kind came, once everything published so far is here. */
async function countOf(socket: TestSocket, type: string, person: Person, chatId: string) {
  const mark = await person.send(chatId, 'a mark')
  await socket.next('message.created', ({ message }) => message.id === mark.id)
  return socket.events.filter((event) => event.type === type).length
}

describe('reactions', () => {
  test('are told to everybody, and each reader sees which are theirs', async () => {
    const chat = await anna.group([boris.id])
    const message = await anna.send(chat.id, 'nice')
    const [reader, device] = [await boris.socket({}, second), await anna.socket()]
    expect((await react(boris, 'PUT', message, '❤️')).statusCode).toBe(204)
    await react(anna, 'PUT', message, '❤️')
    await react(anna, 'PUT', message, '👩🏽‍🚀')
    const event = { chatId: chat.id, messageId: message.id, userId: anna.id, emoji: '👩🏽‍🚀' }
    for (const socket of [reader, device]) {
      const told = await socket.next('reaction.added', ({ emoji }) => emoji === '👩🏽‍🚀')
      expect(told).toEqual({ type: 'reaction.added', ...event, count: 1 })
    }
    const own = [
      { emoji: '❤️', count: 2, mine: true },
      { emoji: '👩🏽‍🚀', count: 1, mine: false },
    ]
    expect(await reactionsFor(boris, message)).toEqual(own)
    const page = (await anna.call('GET', `/chats/${chat.id}/messages?limit=1`)).json()
    expect(page.items[0].reactions.map((mark: { mine: boolean }) => mark.mine)).toEqual([
      true,
      true,
    ])

    expect((await react(anna, 'DELETE', message, '👩🏽‍🚀')).statusCode).toBe(204)
    expect(await reader.next('reaction.removed')).toEqual({
      type: 'reaction.removed',
      ...event,
      count: 0,
    })
    expect(await reactionsFor(boris, message)).toEqual(own.slice(0, 1))
    for (const socket of [reader, device]) await socket.close()
  })

  test('put and taken off at once and again are told once', async () => {
    const chat = await anna.group([])
    const message = await anna.send(chat.id, 'x')
    const socket = await anna.socket({}, second)
    const put = await Promise.all(
      Array.from({ length: 8 }, () => react(anna, 'PUT', message, '👍')),
    )
    expect(new Set(put.map((reply) => reply.statusCode))).toEqual(new Set([204]))
    expect(await countOf(socket, 'reaction.added', anna, chat.id)).toBe(1)
    expect(await reactionsFor(anna, message)).toEqual([{ emoji: '👍', count: 1, mine: true }])
    await Promise.all(Array.from({ length: 8 }, () => react(anna, 'DELETE', message, '👍')))
    expect(await countOf(socket, 'reaction.removed', anna, chat.id)).toBe(1)
    expect(await reactionsFor(anna, message)).toEqual([])
    await socket.close()
  })

  test('of many kinds at once stop at the limit, where the present ones can still be joined', async () => {
    const chat = await anna.group([boris.id])
    const message = await anna.send(chat.id, 'x')
    const emoji = Array.from({ length: limits.reactionsPerMessageMax + 5 }, (_, index) =>
      String.fromCodePoint(0x1f600 + index),
    )
    const replies = await Promise.all(
      emoji.map((it, index) => react(index % 2 ? anna : boris, 'PUT', message, it)),
    )
    const refused = replies.filter((reply) => reply.statusCode !== 204)
    expect(refused.map((reply) => reply.json().code)).toEqual(Array(5).fill('VALIDATION'))
    const present = await reactionsFor(anna, message)
    expect(present).toHaveLength(limits.reactionsPerMessageMax)
    const [first] = present
    expect((await react(anna, 'PUT', message, first?.emoji ?? '')).statusCode).toBe(204)
    expect((await react(boris, 'PUT', message, first?.emoji ?? '')).statusCode).toBe(204)
    expect((await reactionsFor(anna, message)).find((it) => it.emoji === first?.emoji)?.count).toBe(
      2,
    )
  })

  test('are open to those who only read a channel, and to nobody outside', async () => {
    const body = { type: 'channel', name: 'News', memberIds: [boris.id] }
    const { id } = (await anna.call('POST', '/chats', body)).json()
    const message = await anna.send(id, 'news')
    expect((await react(boris, 'PUT', message, '🎉')).statusCode).toBe(204)
    expect((await react(stranger, 'PUT', message, '🎉')).json().code).toBe('NOT_FOUND')
    const elsewhere = { ...message, chatId: (await stranger.group([])).id }
    expect((await react(stranger, 'PUT', elsewhere, '🎉')).json().code).toBe('NOT_FOUND')
    await anna.call('DELETE', at(message))
    expect((await react(boris, 'PUT', message, '🎉')).json().code).toBe('NOT_FOUND')
  })

  test.each(['a', '👍👍', '1', ':)', '<b>', '👍'.repeat(20)])('refuses %s', async (emoji) => {
    const message = await anna.send((await anna.group([])).id, 'x')
    expect((await react(anna, 'PUT', message, emoji)).json().code).toBe('VALIDATION')
    expect((await react(anna, 'DELETE', message, emoji)).json().code).toBe('VALIDATION')
  })
})

describe('pins', () => {
  const pinsFor = async (person: Person, chatId: string) =>
    messagePageSchema.parse((await person.call('GET', `/chats/${chatId}/pins`)).json()).items

  test('are told to everybody, with a word of the system, and listed last first', async () => {
    const chat = await anna.group([boris.id])
    const [one, two] = [await anna.send(chat.id, 'one'), await boris.send(chat.id, 'two')]
    const socket = await boris.socket({}, second)
    expect((await pin(anna, 'PUT', two)).statusCode).toBe(204)
    const { message: told } = await socket.next('message.updated')
    expect(told).toMatchObject({ id: two.id, pinnedAt: expect.any(String) })
    const { message: notice } = await socket.next('message.created')
    expect(notice.system).toEqual({
      event: 'message.pinned',
      actor: { id: anna.id, displayName: 'Анна' },
      seq: two.seq,
    })
    await pin(anna, 'PUT', one)
    await react(boris, 'PUT', one, '👍')
    const pins = await pinsFor(boris, chat.id)
    expect(pins.map(({ id }) => id)).toEqual([one.id, two.id])
    expect(pins[0]?.reactions).toEqual([{ emoji: '👍', count: 1, mine: true }])

    expect((await pin(anna, 'DELETE', two)).statusCode).toBe(204)
    await socket.next('message.updated', (event) => event.message.pinnedAt === null)
    expect((await pinsFor(anna, chat.id)).map(({ id }) => id)).toEqual([one.id])
    await socket.close()
  })

  test('put and taken off again are told once', async () => {
    const chat = await anna.group([])
    const message = await anna.send(chat.id, 'x')
    const socket = await anna.socket({}, second)
    await Promise.all([1, 2, 3].map(() => pin(anna, 'PUT', message)))
    expect(await countOf(socket, 'message.updated', anna, chat.id)).toBe(1)
    await Promise.all([1, 2, 3].map(() => pin(anna, 'DELETE', message)))
    expect(await countOf(socket, 'message.updated', anna, chat.id)).toBe(2)
    await socket.close()
  })

  test('are for those who may edit the chat, and for both of a personal one', async () => {
    const chat = await anna.group([boris.id])
    const message = await boris.send(chat.id, 'mine')
    expect((await pin(boris, 'PUT', message)).json().code).toBe('FORBIDDEN')
    expect((await pin(stranger, 'PUT', message)).json().code).toBe('NOT_FOUND')
    await pin(anna, 'PUT', message)
    expect((await pin(boris, 'DELETE', message)).json().code).toBe('FORBIDDEN')
    expect((await stranger.call('GET', `/chats/${chat.id}/pins`)).json().code).toBe('NOT_FOUND')
    const personal = await anna.personalChat(boris.id)
    const theirs = await anna.send(personal.id, 'ours')
    expect((await pin(boris, 'PUT', theirs)).statusCode).toBe(204)
  })

  test('are not put on what is deleted or what the system wrote', async () => {
    const chat = await anna.group([])
    const message = await anna.send(chat.id, 'x')
    await anna.call('DELETE', at(message))
    expect((await pin(anna, 'PUT', message)).json().code).toBe('NOT_FOUND')
    const page = (await anna.call('GET', `/chats/${chat.id}/messages`)).json()
    expect((await pin(anna, 'PUT', page.items[0])).json().code).toBe('FORBIDDEN')
  })

  test('stop at the limit', async () => {
    const chat = await anna.group([])
    const sent: Message[] = []
    for (let index = 0; index < limits.pinsMax + 1; index += 1) {
      sent.push(await anna.send(chat.id, `${index}`))
    }
    const [spare, last, ...others] = sent
    if (!spare || !last) throw new Error('nothing was sent')
    const ids = others.map(({ id }) => id)
    const { db } = house.first.services
    await db.update(messages).set({ pinnedAt: new Date() }).where(inArray(messages.id, ids))
    const replies = await Promise.all([spare, last].map((it) => pin(anna, 'PUT', it)))
    expect(replies.map((reply) => reply.statusCode).sort()).toEqual([204, 409])
    expect(await pinsFor(anna, chat.id)).toHaveLength(limits.pinsMax)
  })
})
