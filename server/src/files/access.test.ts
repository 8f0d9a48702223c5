import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestHouse, type TestHouse } from '../testing/app.ts'
import type { Person } from '../testing/person.ts'
import { mayRead } from './access.ts'

const nothing = { isOwner: false, isPicture: false, isCarried: false }

test.each([
  ['nobody in particular', nothing, false],
  ['its owner', { ...nothing, isOwner: true }, true],
  ['anybody when it is a picture', { ...nothing, isPicture: true }, true],
  ['a member of a chat in which it was sent', { ...nothing, isCarried: true }, true],
])('a file is for %s: %j', (_who, relation, expected) => {
  expect(mayRead(relation)).toBe(expected)
})

let house: TestHouse
let anna: Person
let boris: Person
let vera: Person
let photo: Buffer
beforeAll(async () => {
  house = await openTestHouse()
  anna = await house.person('Анна')
  boris = await house.person('Борис')
  vera = await house.person('Вера')
  const pixels = { width: 30, height: 20, channels: 3, background: '#c03' } as const
  photo = await sharp({ create: pixels }).png().toBuffer()
})
afterAll(() => house.close())

/** The codes with which both variants are answered. */
async function statuses(reader: Person, fileId: string) {
  const original = await reader.call('GET', `/files/${fileId}`)
  const thumbnail = await reader.call('GET', `/files/${fileId}?variant=thumbnail`)
  return [original.statusCode, thumbnail.statusCode]
}
const open = [200, 200]
const closed = [404, 404]

const keptOf = async (fileId: string) => {
  const names = await readdir(join(house.first.services.settings.DATA_DIR, 'files'))
  return names.filter((name) => name.startsWith(fileId))
}

async function sentPhoto() {
  const chat = await anna.group([boris.id])
  const { id } = await anna.upload(photo, 'photo.png')
  const message = await anna.send(chat.id, '', [id])
  return { chatId: chat.id, messageId: message.id, id }
}

describe('an attachment', () => {
  test('is its uploader’s alone until it is sent', async () => {
    const { id } = await anna.upload(photo, 'photo.png')
    expect(await statuses(anna, id)).toEqual(open)
    expect(await statuses(boris, id)).toEqual(closed)
    const refused = await boris.call('GET', `/files/${id}`)
    const missing = await boris.call('GET', '/files/01900000-0000-7000-8000-000000000000')
    expect(refused.json()).toEqual(missing.json())
  })

  test('is then for the members of the chat', async () => {
    const { id } = await sentPhoto()
    expect(await statuses(boris, id)).toEqual(open)
    expect(await statuses(vera, id)).toEqual(closed)
  })

  test('is for those who come later', async () => {
    const { id, chatId } = await sentPhoto()
    await anna.call('POST', `/chats/${chatId}/members`, { userIds: [vera.id] })
    expect(await statuses(vera, id)).toEqual(open)
  })

  test('ends for a member who is removed, with the copy that a browser kept', async () => {
    const { id, chatId } = await sentPhoto()
    const { etag } = (await boris.call('GET', `/files/${id}`)).headers
    await anna.call('DELETE', `/chats/${chatId}/members/${boris.id}`)
    expect(await statuses(boris, id)).toEqual(closed)
    const again = await house.first.app.inject({
      url: `/api/files/${id}`,
      headers: { authorization: `Bearer ${boris.token}`, 'if-none-match': String(etag) },
    })
    expect(again.statusCode).toBe(404)
    expect(await statuses(anna, id)).toEqual(open)
  })

  test('ends for everybody when its message is deleted, and leaves the disk', async () => {
    const { id, chatId, messageId } = await sentPhoto()
    expect(await keptOf(id)).toHaveLength(2)
    await anna.call('DELETE', `/chats/${chatId}/messages/${messageId}`)
    for (const reader of [anna, boris]) expect(await statuses(reader, id)).toEqual(closed)
    expect(await keptOf(id)).toEqual([])
  })

  test('ends for everybody when the chat is deleted, and leaves the disk', async () => {
    const { id, chatId } = await sentPhoto()
    await anna.call('DELETE', `/chats/${chatId}`)
    for (const reader of [anna, boris]) expect(await statuses(reader, id)).toEqual(closed)
    expect(await keptOf(id)).toEqual([])
  })
})

describe('a picture', () => {
  const picture = () => anna.upload(photo, 'me.png', { purpose: 'avatar' })
  const status = async (reader: Person, id: string) =>
    (await reader.call('GET', `/files/${id}`)).statusCode

  test('is for everybody while it is somebody’s', async () => {
    const [first, second] = [await picture(), await picture()]
    expect(await status(vera, first.id)).toBe(404)
    await anna.call('PATCH', '/me', { avatarId: first.id })
    expect(await status(vera, first.id)).toBe(200)
    await anna.call('PATCH', '/me', { avatarId: second.id })
    expect(await status(vera, first.id)).toBe(404)
    expect(await status(vera, second.id)).toBe(200)
  })

  test('is for everybody while it is a chat’s', async () => {
    const { id } = await picture()
    const chat = await anna.group([])
    await anna.call('PATCH', `/chats/${chat.id}`, { avatarId: id })
    expect(await status(vera, id)).toBe(200)
  })
})
