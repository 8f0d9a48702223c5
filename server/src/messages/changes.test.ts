import { type Message, messageSchema } from '@beseda/protocol/messages'
import { v4 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestHouse, type TestHouse, type TestServer } from '../testing/app.ts'
import type { Person } from '../testing/person.ts'

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

const nobody = '01999999-0000-7000-8000-000000000001'

const at = ({ chatId, id }: Message) => `/chats/${chatId}/messages/${id}`
const edit = (person: Person, message: Message, body: string) =>
  person.call('PATCH', at(message), { body })
const read = async (person: Person, message: Message) =>
  messageSchema.parse((await person.call('GET', at(message))).json())
const answer = (person: Person, message: Message, body: string, chatId = message.chatId) =>
  person.call('POST', `/chats/${chatId}/messages`, { body, clientId: v4(), replyToId: message.id })

async function codeOf(reply: ReturnType<Person['call']>): Promise<string> {
  return (await reply).json().code
}

/** A system message of the chat: the one that tells of its making. */
async function systemMessage(person: Person, chatId: string): Promise<Message> {
  const reply = await person.call('GET', `/chats/${chatId}/messages?around=1&limit=1`)
  return messageSchema.parse(reply.json().items[0])
}

describe('one message', () => {
  test('is read by members of its chat and nowhere else', async () => {
    const [chat, other] = [await anna.group([boris.id]), await anna.group([boris.id])]
    const message = await anna.send(chat.id, 'here')
    expect(await read(boris, message)).toEqual(message)
    expect(await codeOf(stranger.call('GET', at(message)))).toBe('NOT_FOUND')
    const elsewhere = at({ ...message, chatId: other.id })
    expect(await codeOf(boris.call('GET', elsewhere))).toBe('NOT_FOUND')
    expect(await codeOf(boris.call('GET', at({ ...message, id: nobody })))).toBe('NOT_FOUND')
  })
})

describe('editing', () => {
  test('changes the body for everybody, own devices included', async () => {
    const chat = await anna.group([boris.id])
    const message = await anna.send(chat.id, 'befor')
    const [reader, device] = [await boris.socket({}, second), await anna.socket()]
    const reply = await edit(anna, message, 'before')
    const edited = messageSchema.parse(reply.json())
    expect(edited).toEqual({ ...message, body: 'before', editedAt: expect.any(String) })
    const { reactions, ...shared } = edited
    for (const socket of [reader, device]) {
      expect((await socket.next('message.updated')).message).toEqual(shared)
      await socket.close()
    }
    expect(await read(boris, message)).toEqual(edited)
  })

  test('to the same body changes nothing', async () => {
    const message = await anna.send((await anna.group([])).id, 'same')
    expect((await edit(anna, message, 'same')).json()).toEqual(message)
  })

  test('is for the sender alone, while the message is there', async () => {
    const chat = await anna.group([boris.id])
    const message = await boris.send(chat.id, 'mine')
    expect(await codeOf(edit(anna, message, 'x'))).toBe('FORBIDDEN')
    expect(await codeOf(edit(stranger, message, 'x'))).toBe('NOT_FOUND')
    expect(await codeOf(edit(anna, await systemMessage(anna, chat.id), 'x'))).toBe('FORBIDDEN')
    await boris.call('DELETE', at(message))
    expect(await codeOf(edit(boris, message, 'x'))).toBe('NOT_FOUND')
  })

  test.each([
    [{}],
    [{ body: '' }],
    [{ body: ' \n' }],
    [{ body: 'x'.repeat(4001) }],
    [{ body: 'a\u0000' }],
    [{ body: 1 }],
    [{ body: 'x', clientId: nobody }],
  ])('refuses %j', async (body) => {
    const message = await anna.send((await anna.group([])).id, 'stays')
    expect(await codeOf(anna.call('PATCH', at(message), body))).toBe('VALIDATION')
    expect((await read(anna, message)).body).toBe('stays')
  })
})

describe('deleting', () => {
  test('leaves the place and the sender, and takes everything else', async () => {
    const chat = await anna.group([boris.id])
    const message = await anna.send(chat.id, `@${boris.username} gone`)
    await boris.call('PUT', `${at(message)}/reactions/👍`)
    await anna.call('PUT', `${at(message)}/pin`)
    await answer(boris, message, 'an answer')
    const socket = await boris.socket({}, second)
    expect((await anna.call('DELETE', at(message))).statusCode).toBe(204)
    const { message: told } = await socket.next('message.updated')
    const left = {
      seq: message.seq,
      sender: message.sender,
      clientId: message.clientId,
      body: '',
      mentions: [],
      pinnedAt: null,
      deletedAt: expect.any(String),
    }
    expect(told).toMatchObject(left)
    expect(await read(boris, message)).toMatchObject({ ...left, reactions: [] })
    const page = (await anna.call('GET', `/chats/${chat.id}/messages`)).json()
    expect(page.items.at(-1).replyTo).toMatchObject({ id: message.id, excerpt: '' })
    expect((await anna.call('GET', `/chats/${chat.id}/pins`)).json().items).toEqual([])
    const again = (await boris.call('GET', `/chats/${chat.id}`)).json()
    expect(again).toMatchObject({ unreadCount: 0, mentionCount: 0 })
    await socket.close()
  })

  test('twice is done once', async () => {
    const message = await anna.send((await anna.group([])).id, 'once')
    await anna.call('DELETE', at(message))
    const first = await read(anna, message)
    expect((await anna.call('DELETE', at(message))).statusCode).toBe(204)
    expect(await read(anna, message)).toEqual(first)
  })

  test('is for the sender and for those above the sender', async () => {
    const carla = await house.person('Carla')
    const chat = await anna.group([boris.id, carla.id])
    await anna.call('PATCH', `/chats/${chat.id}/members/${boris.id}`, { role: 'admin' })
    const [owners, admins, members] = [
      await anna.send(chat.id, 'owner'),
      await boris.send(chat.id, 'admin'),
      await carla.send(chat.id, 'member'),
    ]
    const remove = async (person: Person, message: Message) =>
      (await person.call('DELETE', at(message))).statusCode
    expect(await remove(carla, owners)).toBe(403)
    expect(await remove(carla, admins)).toBe(403)
    expect(await remove(boris, owners)).toBe(403)
    expect(await remove(stranger, members)).toBe(404)
    expect(await remove(boris, members)).toBe(204)
    expect(await remove(anna, admins)).toBe(204)
    expect(await remove(anna, await systemMessage(anna, chat.id))).toBe(403)
    expect((await read(anna, owners)).deletedAt).toBeNull()
  })

  test('like editing, goes by the message’s own chat, not by one where the actor may do more', async () => {
    const own = await boris.group([])
    const [theirs, mine] = [
      await anna.send((await anna.group([boris.id])).id, 'anna'),
      await boris.send((await anna.group([boris.id])).id, 'boris'),
    ]
    const elsewhere = (message: Message) => ({ ...message, chatId: own.id })
    expect(await codeOf(boris.call('DELETE', at(elsewhere(theirs))))).toBe('NOT_FOUND')
    expect(await codeOf(edit(boris, elsewhere(mine), 'x'))).toBe('NOT_FOUND')
    expect([await read(anna, theirs), await read(anna, mine)]).toEqual([theirs, mine])
  })

  test('is not for the other one of a personal chat', async () => {
    const message = await anna.send((await anna.personalChat(boris.id)).id, 'mine')
    expect(await codeOf(boris.call('DELETE', at(message)))).toBe('FORBIDDEN')
  })
})

describe('answering', () => {
  test('quotes the beginning of a message, as it is now', async () => {
    const chat = await anna.group([boris.id])
    const message = await anna.send(chat.id, 'я'.repeat(200))
    const socket = await anna.socket({}, second)
    const reply = messageSchema.parse((await answer(boris, message, 'yes')).json())
    expect(reply.replyTo).toEqual({
      id: message.id,
      seq: message.seq,
      sender: message.sender,
      excerpt: 'я'.repeat(120),
      attachment: null,
    })
    expect((await socket.next('message.created')).message).toEqual(reply)
    await edit(anna, message, 'short')
    expect((await read(boris, reply)).replyTo?.excerpt).toBe('short')
    await socket.close()
  })

  test('a message of another chat, or none, is refused', async () => {
    const [chat, other] = [await anna.group([]), await anna.group([])]
    const message = await anna.send(other.id, 'elsewhere')
    const ids = [message, { ...message, id: nobody }, { ...message, id: 'x' }]
    for (const target of ids) {
      const reply = await answer(anna, target, 'x', chat.id)
      expect(reply.json()).toMatchObject({ code: 'VALIDATION', issues: [{ path: 'replyToId' }] })
    }
    expect((await anna.call('GET', `/chats/${chat.id}`)).json().lastSeq).toBe(1)
  })

  test('a message that was deleted meanwhile still works', async () => {
    const message = await anna.send((await anna.group([])).id, 'gone')
    await anna.call('DELETE', at(message))
    const reply = messageSchema.parse((await answer(anna, message, 'what?')).json())
    expect(reply.replyTo).toMatchObject({ id: message.id, excerpt: '' })
  })
})

describe('mentions', () => {
  test('are members named in any case, each once, and not parts of words', async () => {
    const chat = await anna.group([boris.id])
    const mention = async (body: string) => (await anna.send(chat.id, body)).mentions
    const name = boris.username
    expect(await mention(`Hi @${name.toUpperCase()}, and @${name}.`)).toEqual([boris.id])
    expect(await mention(`(@${name})... @${anna.username}-`)).toEqual([boris.id, anna.id])
    expect(await mention(`mail@${name} @${name}x @${stranger.username} @`)).toEqual([])
  })

  test('are counted among what a member has not read', async () => {
    const chat = await anna.group([boris.id])
    const counts = async () => {
      const { unreadCount, mentionCount } = (await boris.call('GET', `/chats/${chat.id}`)).json()
      return [unreadCount, mentionCount]
    }
    const first = await anna.send(chat.id, `@${boris.username}`)
    const second = await anna.send(chat.id, 'nobody')
    await boris.send(chat.id, `@${boris.username}`)
    expect(await counts()).toEqual([2, 1])
    await edit(anna, second, `and @${boris.username}`)
    expect(await counts()).toEqual([2, 2])
    await boris.call('PUT', `/chats/${chat.id}/read`, { seq: first.seq })
    expect(await counts()).toEqual([1, 1])
    await edit(anna, second, 'nobody after all')
    expect(await counts()).toEqual([1, 0])
  })
})

test('the chat says how far others have read', async () => {
  const chat = await anna.group([boris.id])
  const { seq } = await anna.send(chat.id, 'seen?')
  const othersReadSeq = async () =>
    (await anna.call('GET', `/chats/${chat.id}`)).json().othersReadSeq
  expect(await othersReadSeq()).toBe(0)
  const socket = await anna.socket({}, second)
  await boris.call('PUT', `/chats/${chat.id}/read`, { seq })
  expect(await socket.next('read.updated')).toMatchObject({ userId: boris.id, seq })
  expect(await othersReadSeq()).toBe(seq)
  await anna.call('PUT', `/chats/${chat.id}/read`, { seq: seq - 1 })
  expect(await othersReadSeq()).toBe(seq)
  await socket.close()
})
