import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { v4, v7 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestHouse, type TestHouse, type TestServer } from '../testing/app.ts'
import type { Person } from '../testing/person.ts'
import { isLeftover, makeFileSweep } from './sweep.ts'

const hour = 3_600_000

let house: TestHouse
let second: TestServer
let anna: Person
let folder: string
beforeAll(async () => {
  house = await openTestHouse()
  second = await house.another()
  anna = await house.person('Анна')
  folder = join(house.first.services.settings.DATA_DIR, 'files')
})
afterAll(() => house.close())

const sweepAfter = (hours: number, { services }: TestServer = house.first) =>
  makeFileSweep({ ...services, now: () => Date.now() + hours * hour })

const picture = () =>
  sharp({ create: { width: 20, height: 20, channels: 3, background: '#c03' } })
    .png()
    .toBuffer()

const isThere = async (id: string) =>
  (await anna.call('GET', `/files/${id}`)).statusCode === 200 &&
  (await readdir(folder)).includes(id)

test('uploads that nobody used for a day go, the others stay', async () => {
  const chat = await anna.group([])
  const unsent = await anna.upload(await picture(), 'unsent.png')
  const sent = await anna.upload('words', 'sent.txt')
  await anna.send(chat.id, '', [sent.id])
  const asPicture = { purpose: 'avatar' }
  const replaced = await anna.upload(await picture(), 'replaced.png', asPicture)
  const mine = await anna.upload(await picture(), 'mine.png', asPicture)
  const ofChat = await anna.upload(await picture(), 'chat.png', asPicture)
  await anna.call('PATCH', '/me', { avatarId: replaced.id })
  await anna.call('PATCH', '/me', { avatarId: mine.id })
  await anna.call('PATCH', `/chats/${chat.id}`, { avatarId: ofChat.id })

  await sweepAfter(23).removeUnused()
  for (const { id } of [unsent, replaced]) expect(await isThere(id)).toBe(true)

  await Promise.all([sweepAfter(25).removeUnused(), sweepAfter(25, second).removeUnused()])
  for (const { id } of [unsent, replaced]) expect(await isThere(id)).toBe(false)
  for (const { id } of [sent, mine, ofChat]) expect(await isThere(id)).toBe(true)
  const names = await readdir(folder)
  expect(names.some((name) => name.startsWith(unsent.id))).toBe(false)
})

test('an upload that is sent while the sweep goes is sent whole, or refused', async () => {
  const chat = await anna.group([])
  for (let round = 0; round < 10; round += 1) {
    const { id } = await anna.upload('words', 'late.txt')
    const content = { body: '', clientId: v4(), fileIds: [id] }
    const [reply] = await Promise.all([
      anna.call('POST', `/chats/${chat.id}/messages`, content),
      sweepAfter(25).removeUnused(),
      sweepAfter(25, second).removeUnused(),
    ])
    expect(await isThere(id)).toBe(reply.statusCode === 201)
  }
})

test('bytes without a row go a day later, with their thumbnails and parts', async () => {
  const chat = await anna.group([])
  const sent = await anna.upload(await picture(), 'sent.png')
  await anna.send(chat.id, '', [sent.id])
  const lost = v7()
  const left = [lost, `${lost}.thumb`, `${lost}.part`, `${v7()}.made.part`]
  for (const name of left) await writeFile(join(folder, name), 'x')
  await writeFile(join(folder, 'README'), 'not ours')
  const older = v7({ msecs: Date.now() - 1000 * hour })
  await writeFile(join(folder, older), 'of another database')

  await sweepAfter(23).removeLeftovers()
  expect(await readdir(folder)).toEqual(expect.arrayContaining(left))

  await Promise.all([sweepAfter(25).removeLeftovers(), sweepAfter(25, second).removeLeftovers()])
  const names = await readdir(folder)
  for (const name of left) expect(names).not.toContain(name)
  expect(names).toEqual(expect.arrayContaining([sent.id, `${sent.id}.thumb`, 'README', older]))
})

test.each([
  ['between both times', 1_500, true],
  ['before the database began', 500, false],
  ['that may still be on its way', 2_500, false],
])('an id of a time %s', (_when, msecs, expected) => {
  expect(isLeftover(v7({ msecs }), 1_000, 2_000)).toBe(expected)
})

test('a name that is no id is not touched', () => {
  expect(isLeftover('README', 0, Number.POSITIVE_INFINITY)).toBe(false)
})
