import { type Message, messagePageSchema, messageSchema } from '@beseda/protocol/messages'
import sharp from 'sharp'
import { v4 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestHouse, type TestHouse } from '../testing/app.ts'
import type { Person } from '../testing/person.ts'
import { samples } from '../testing/samples.ts'

let house: TestHouse
let anna: Person
let boris: Person
let photo: Buffer
beforeAll(async () => {
  house = await openTestHouse()
  anna = await house.person('Анна')
  boris = await house.person('Борис')
  const pixels = { width: 30, height: 20, channels: 3, background: '#c03' } as const
  photo = await sharp({ create: pixels }).png().toBuffer()
})
afterAll(() => house.close())

const attachment = () => anna.upload('words', 'words.txt')

function post(person: Person, chatId: string, content: object) {
  return person.call('POST', `/chats/${chatId}/messages`, { body: '', clientId: v4(), ...content })
}

async function page(reader: Person, chatId: string, query = '') {
  const reply = await reader.call('GET', `/chats/${chatId}/messages${query}`)
  return messagePageSchema.parse(reply.json()).items
}

const at = ({ chatId, id }: Message) => `/chats/${chatId}/messages/${id}`

describe('a message with files', () => {
  test('carries them in order, wherever it is read', async () => {
    const chat = await anna.group([boris.id])
    const socket = await boris.socket()
    const files = [
      await anna.upload(photo, 'photo.png'),
      await anna.upload(samples.mp4, 'clip.mp4'),
      await anna.upload('words', 'words.txt'),
    ].reverse()
    const fileIds = files.map(({ id }) => id)
    const sent = await anna.send(chat.id, 'приложение', fileIds)
    expect(sent.attachments).toEqual(files)
    expect((await socket.next('message.created')).message.attachments).toEqual(files)
    await socket.close()

    const other = await anna.send(chat.id, 'alone')
    for (const query of ['', `?before=${other.seq}`, `?after=${sent.seq - 1}`, '?around=2']) {
      const items = await page(boris, chat.id, query)
      expect(items.find(({ id }) => id === sent.id)?.attachments).toEqual(files)
      expect(items.find(({ id }) => id === other.id)?.attachments ?? []).toEqual([])
    }
    const found = await boris.call('GET', `/search/messages?q=${encodeURIComponent('приложение')}`)
    expect(found.json().items[0].message.attachments).toEqual(files)
    await anna.call('PUT', `${at(sent)}/pin`)
    const pins = await boris.call('GET', `/chats/${chat.id}/pins`)
    expect(pins.json().items[0].attachments).toEqual(files)
  })

  test('needs no words, also in the list of chats', async () => {
    const chat = await anna.group([boris.id])
    const file = await attachment()
    await anna.send(chat.id, '', [file.id])
    const { lastMessage } = (await boris.call('GET', `/chats/${chat.id}`)).json()
    expect(lastMessage).toMatchObject({ body: '', attachments: [file] })
  })

  test('is quoted with the kind of its first file, until it is deleted', async () => {
    const chat = await anna.group([boris.id])
    const files = [await anna.upload(photo, 'photo.png'), await attachment()]
    const sent = await anna.send(
      chat.id,
      '',
      files.map(({ id }) => id),
    )
    const reply = messageSchema.parse(
      (await post(boris, chat.id, { body: 'nice', replyToId: sent.id })).json(),
    )
    expect(reply.replyTo).toMatchObject({ excerpt: '', attachment: 'image' })
    await anna.call('DELETE', at(sent))
    const items = await page(boris, chat.id)
    expect(items.at(-1)?.replyTo).toMatchObject({ excerpt: '', attachment: null })
    expect(items.at(-2)).toMatchObject({ id: sent.id, attachments: [] })
  })

  test('is the same message when its send is retried', async () => {
    const chat = await anna.group([])
    const content = { clientId: v4(), fileIds: [(await attachment()).id] }
    const replies = await Promise.all([1, 2, 3].map(() => post(anna, chat.id, content)))
    expect(replies.map(({ statusCode }) => statusCode)).toEqual([201, 201, 201])
    expect(new Set(replies.map((reply) => reply.json().id)).size).toBe(1)
    expect(replies[0]?.json().attachments).toHaveLength(1)
  })

  test('may lose its words by an edit, and one without files may not', async () => {
    const chat = await anna.group([boris.id])
    const file = await attachment()
    const withFile = await anna.send(chat.id, 'words', [file.id])
    const socket = await boris.socket()
    const edited = await anna.call('PATCH', at(withFile), { body: '' })
    expect(edited.json()).toMatchObject({ body: '', attachments: [file] })
    expect((await socket.next('message.updated')).message).toMatchObject({ attachments: [file] })
    await socket.close()
    const without = await anna.send(chat.id, 'words')
    const refused = await anna.call('PATCH', at(without), { body: ' ' })
    expect(refused.json()).toMatchObject({ code: 'VALIDATION', issues: [{ path: 'body' }] })
  })
})

describe('a message is refused', () => {
  const refusal = { code: 'VALIDATION', issues: [{ path: 'fileIds' }] }

  test('with a file of somebody else', async () => {
    const chat = await anna.group([boris.id])
    const { id } = await attachment()
    expect((await post(boris, chat.id, { fileIds: [id] })).json()).toMatchObject(refusal)
    expect((await post(anna, chat.id, { fileIds: [id] })).statusCode).toBe(201)
  })

  test('with a file that is not there', async () => {
    const chat = await anna.group([])
    const fileIds = [(await attachment()).id, v4()]
    expect((await post(anna, chat.id, { fileIds })).json()).toMatchObject(refusal)
  })

  test('with a picture of a profile', async () => {
    const chat = await anna.group([])
    const { id } = await anna.upload(photo, 'me.png', { purpose: 'avatar' })
    expect((await post(anna, chat.id, { fileIds: [id] })).json()).toMatchObject(refusal)
  })

  test('with a file that another message carries, also when both are sent at once', async () => {
    const chats = [await anna.group([]), await anna.group([])]
    const fileIds = [(await attachment()).id, (await attachment()).id]
    const replies = await Promise.all([
      post(anna, chats[0]?.id ?? '', { fileIds }),
      post(anna, chats[1]?.id ?? '', { fileIds: fileIds.toReversed() }),
    ])
    expect(replies.map(({ statusCode }) => statusCode).sort()).toEqual([201, 400])
    const refused = replies.find(({ statusCode }) => statusCode === 400)
    expect(refused?.json()).toMatchObject(refusal)
    const [carrying] = (await Promise.all(chats.map(({ id }) => page(anna, id))))
      .flat()
      .filter(({ attachments }) => attachments.length > 0)
    expect(carrying?.attachments.map(({ id }) => id).sort()).toEqual(fileIds.sort())
  })

  test.each([
    ['neither words nor files', { body: ' ' }],
    ['the same file twice', { fileIds: Array(2).fill(v4()) }],
    ['more files than a message carries', { fileIds: Array.from({ length: 11 }, () => v4()) }],
  ])('with %s', async (_what, content) => {
    const chat = await anna.group([])
    expect((await post(anna, chat.id, content)).json().code).toBe('VALIDATION')
  })
})
