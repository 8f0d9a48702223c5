import type { BesedaEvent } from '@beseda/protocol/events'
import { eq } from 'drizzle-orm'
import { v4 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeTokens } from '../auth/tokens.ts'
import { chats } from '../chats/schema.ts'
import { messages } from '../messages/schema.ts'
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

const bodies = (events: BesedaEvent[]) =>
  events.flatMap((event) => (event.type === 'message.created' ? [event.message.body] : []))

describe('hello', () => {
  const foreign = '01999999-0000-7000-8000-000000000000'

  test.each<[string, (socket: TestSocket) => void]>([
    ['not JSON', ({ raw }) => raw.send('hello')],
    ['nothing', ({ raw }) => raw.send('')],
    ['a number', ({ raw }) => raw.send('1')],
    ['null', ({ raw }) => raw.send('null')],
    ['an array', ({ raw }) => raw.send('[]')],
    ['no type', ({ sendFrame }) => sendFrame({ token: 'x' })],
    ['an unknown type', ({ sendFrame }) => sendFrame({ type: 'typing' })],
    ['binary', ({ raw }) => raw.send(Buffer.from(JSON.stringify({ type: 'hello', token: 'x' })))],
    ['no token', ({ sendFrame }) => sendFrame({ type: 'hello' })],
    ['a token of the wrong type', ({ sendFrame }) => sendFrame({ type: 'hello', token: 1 })],
    ['a token too long', ({ sendFrame }) => sendFrame({ type: 'hello', token: 'x'.repeat(4097) })],
    ['an unknown field', ({ sendFrame }) => sendFrame({ type: 'hello', token: 'x', extra: 1 })],
    [
      'seqs of no chat',
      ({ sendFrame }) => sendFrame({ type: 'hello', token: 'x', seqs: { a: 1 } }),
    ],
    [
      'a seq below zero',
      ({ sendFrame }) => sendFrame({ type: 'hello', token: 'x', seqs: { [foreign]: -1 } }),
    ],
    ['presence before it', ({ sendFrame }) => sendFrame({ type: 'presence', status: 'away' })],
  ])('%s closes with 4400', async (_name, send) => {
    const socket = await openBareSocket(house.first.url)
    send(socket)
    expect(await socket.closed).toBe(4400)
    expect(socket.events).toEqual([])
  })

  test('a frame that is too large closes with 1009', async () => {
    const socket = await openBareSocket(house.first.url)
    socket.raw.send('x'.repeat(64 * 1024 + 1))
    expect(await socket.closed).toBe(1009)
  })

  test('a second hello closes with 4400', async () => {
    const socket = await anna.socket()
    socket.sendFrame({ type: 'hello', token: anna.token })
    expect(await socket.closed).toBe(4400)
  })

  test('silence closes with 4408 after five seconds', async () => {
    const socket = await openBareSocket(house.first.url)
    expect(await socket.closed).toBe(4408)
  }, 8_000)

  test.each<[string, (person: Person) => string]>([
    ['an empty token', () => ''],
    ['no token at all', () => 'x'],
    ['a forged token', ({ token }) => `${token.slice(0, -4)}AAAA`],
    ['a token for files', ({ cookies }) => cookies.beseda_files ?? ''],
    [
      'an unsigned token',
      ({ token }) =>
        `${Buffer.from('{"alg":"none"}').toString('base64url')}.${token.split('.')[1]}.`,
    ],
    [
      'an expired token',
      ({ id }) =>
        house.first.app.jwt.sign({
          sub: id,
          sid: id,
          aud: 'api',
          exp: Math.floor(Date.now() / 1000) - 1,
        }),
    ],
    [
      'a token of a session that does not exist',
      ({ id }) => makeTokens(house.first.app.jwt).signAccess({ userId: id, sessionId: id }),
    ],
  ])('%s closes with 4401', async (_name, tokenOf) => {
    const socket = await openBareSocket(house.first.url)
    socket.sendFrame({ type: 'hello', token: tokenOf(anna) })
    expect(await socket.closed).toBe(4401)
  })

  test('another site’s page is refused', async () => {
    const refused = openBareSocket(house.first.url, { origin: 'https://evil.example' })
    await expect(refused).rejects.toThrow('403')
    const own = await openBareSocket(house.first.url, { origin: house.first.url })
    await own.close()
  })

  test('the server still serves after all of that', async () => {
    const socket = await anna.socket()
    expect(socket.events).toMatchObject([{ type: 'ready', userId: anna.id }])
    await socket.close()
  })
})

describe('catching up', () => {
  test('brings what was missed in own chats, in order, then the heads', async () => {
    const [mine, full] = [await anna.group([boris.id]), await anna.group([boris.id])]
    for (const body of ['one', 'two', 'three']) await anna.send(mine.id, body)
    const stranger = await house.person()
    const foreign = await stranger.group([])
    await stranger.send(foreign.id, 'not for you')

    const socket = await boris.socket({ [mine.id]: 2, [full.id]: 99, [foreign.id]: 0 })
    expect(bodies(socket.events)).toEqual(['two', 'three'])
    const ready = await socket.next('ready')
    expect(socket.events.at(-1)).toBe(ready)
    expect(ready.heads[mine.id]).toBe(4)
    expect(ready.heads[full.id]).toBe(1)
    expect(ready.heads).not.toHaveProperty(foreign.id)
    await socket.close()
  })

  test('brings 200 messages of a chat at most, the oldest first', async () => {
    const chat = await anna.group([boris.id])
    const { db } = house.first.services
    const written = Array.from({ length: 210 }, (_, index) => ({
      chatId: chat.id,
      seq: index + 2,
      senderId: anna.id,
      body: 'x',
      createdAt: new Date(),
    }))
    await db.insert(messages).values(written)
    await db.update(chats).set({ lastSeq: 211 }).where(eq(chats.id, chat.id))
    const socket = await boris.socket({ [chat.id]: 1 })
    const seqs = socket.events.flatMap((event) =>
      event.type === 'message.created' ? [event.message.seq] : [],
    )
    expect(seqs).toEqual(Array.from({ length: 200 }, (_, index) => index + 2))
    expect((await socket.next('ready')).heads[chat.id]).toBe(211)
    await socket.close()
  })

  test('misses nothing that is written meanwhile', async () => {
    const chat = await anna.group([boris.id])
    let writing = true
    const writer = (async () => {
      for (let index = 0; writing && index < 200; index += 1) await anna.send(chat.id, `${index}`)
    })()
    for (let round = 0; round < 5; round += 1) {
      const socket = await boris.socket({ [chat.id]: 1 }, round % 2 ? second : house.first)
      const head = (await socket.next('ready')).heads[chat.id] ?? 0
      await socket.next('message.created', ({ message }) => message.seq > head)
      const seqs = new Set(
        socket.events.flatMap((event) =>
          event.type === 'message.created' && event.message.chatId === chat.id
            ? [event.message.seq]
            : [],
        ),
      )
      const last = Math.max(...seqs)
      expect(seqs.size).toBe(last - 1)
      await socket.close()
    }
    writing = false
    await writer
  }, 30_000)
})

describe('delivery', () => {
  test('reaches members on every server, and nobody else', async () => {
    const stranger = await house.person()
    const chat = await anna.group([boris.id])
    const [near, far, foreign] = [
      await boris.socket(),
      await boris.socket({}, second),
      await stranger.socket({}, second),
    ]
    const message = await anna.send(chat.id, 'hello')
    expect((await near.next('message.created')).message).toEqual(message)
    expect((await far.next('message.created')).message).toEqual(message)
    await anna.call('PUT', `/chats/${chat.id}/read`, { seq: 2 })
    const read = { type: 'read.updated', chatId: chat.id, userId: anna.id, seq: 2 }
    expect(await far.next('read.updated')).toEqual(read)
    expect(foreign.events.map(({ type }) => type)).toEqual(['ready'])
    for (const socket of [near, far, foreign]) await socket.close()
  })

  test('starts for a new member with the news that they are one', async () => {
    const carla = await house.person('Carla')
    const socket = await carla.socket({}, second)
    const owners = await anna.socket()
    const chat = await anna.group([])
    await anna.send(chat.id, 'before')
    await anna.call('POST', `/chats/${chat.id}/members`, { userIds: [carla.id] })
    expect(await owners.next('member.added')).toEqual({
      type: 'member.added',
      chatId: chat.id,
      userIds: [carla.id],
      memberCount: 2,
    })
    await anna.send(chat.id, 'welcome')
    await socket.next('message.created', ({ message }) => message.body === 'welcome')
    const kinds = socket.events.map(({ type }) => type).filter((type) => type !== 'presence')
    expect(kinds).toEqual([
      'ready',
      'chat.created',
      'member.added',
      'message.created',
      'message.created',
    ])
    await socket.close()
    await owners.close()
  })

  test('tells both of a personal chat that it is there', async () => {
    const [one, other] = [await house.person(), await house.person()]
    const socket = await other.socket()
    const chat = await one.personalChat(other.id)
    expect(await socket.next('chat.created')).toEqual({ type: 'chat.created', chatId: chat.id })
    await one.call('POST', `/chats/${chat.id}/messages`, { body: 'hi', clientId: v4() })
    expect(bodies([await socket.next('message.created')])).toEqual(['hi'])
    await socket.close()
  })

  test('closes a socket whose client does not read', async () => {
    const chat = await anna.group([boris.id])
    const socket = await boris.socket()
    socket.raw.pause()
    const { bus } = house.first.services
    const message = await anna.send(chat.id, 'x'.repeat(4000))
    for (let index = 0; index < 4_000; index += 1) {
      bus.publish({ chatId: chat.id }, { type: 'message.created', message })
    }
    await expect.poll(() => house.first.services.hub.has(boris.id), { timeout: 15_000 }).toBe(false)
    socket.raw.resume()
    expect([1006, 1013]).toContain(await socket.closed)
  })

  test('too many frames close with 4400', async () => {
    const socket = await anna.socket()
    for (let index = 0; index < 101; index += 1) {
      socket.sendFrame({ type: 'presence', status: 'online' })
    }
    expect(await socket.closed).toBe(4400)
  })
})

describe('a server that stops', () => {
  test('says goodbye with 1001', async () => {
    const server = await house.another()
    const socket = await anna.socket({}, server)
    const silent = await openBareSocket(server.url)
    await server.app.close()
    expect([await socket.closed, await silent.closed]).toEqual([1001, 1001])
  })
})
