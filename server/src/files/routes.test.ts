import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestHouse, type TestHouse } from '../testing/app.ts'
import type { Person } from '../testing/person.ts'
import { samples } from '../testing/samples.ts'

const mb = 2 ** 20

let house: TestHouse
let anna: Person
let folder: string
beforeAll(async () => {
  house = await openTestHouse({ FILE_MAX_MB: '6' })
  anna = await house.person('Анна')
  folder = join(house.first.services.settings.DATA_DIR, 'files')
  await anna.upload('so that the folder is there', 'x.txt')
})
afterAll(() => house.close())

function picture(width: number, height: number) {
  return sharp({ create: { width, height, channels: 3, background: '#c03' } })
}

/** Frames of different colours. */
async function animation(frames: number, side = 40) {
  const pictures = Array.from({ length: frames }, (_, index) =>
    sharp({
      create: {
        width: side,
        height: side,
        channels: 3,
        background: { r: (index % 2) * 200, g: index, b: 0 },
      },
    })
      .png()
      .toBuffer(),
  )
  return sharp(await Promise.all(pictures), { join: { animated: true } })
}

async function refusal(reply: Response) {
  return [reply.status, (await reply.json()).code]
}

const bytesOf = (id: string, ending = '') => readFile(join(folder, id + ending))

describe('any upload', () => {
  test.each(['avatar', 'attachment'])('refuses nothing as %s', async (purpose) => {
    expect(await refusal(await anna.post('', 'x.png', { purpose }))).toEqual([400, 'VALIDATION'])
  })

  test('of an unknown purpose is refused', async () => {
    const reply = await anna.post('x', 'x', { purpose: 'other' })
    expect(await refusal(reply)).toEqual([400, 'VALIDATION'])
  })

  test.each([
    ['no body', {}, ''],
    ['JSON', { 'content-type': 'application/json' }, '{}'],
    ['no boundary', { 'content-type': 'multipart/form-data' }, 'x'],
    ['no part', { 'content-type': 'multipart/form-data; boundary=x' }, '--x--\r\n'],
    ['a torn part', { 'content-type': 'multipart/form-data; boundary=x' }, '--x\r\nContent-Dispo'],
    [
      'a torn file',
      { 'content-type': 'multipart/form-data; boundary=x' },
      '--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nwords',
    ],
  ])('refuses %s', async (_name, headers, payload) => {
    const before = await readdir(folder)
    const authorization = `Bearer ${anna.token}`
    const reply = await house.first.app.inject({
      method: 'POST',
      url: '/api/files',
      headers: { authorization, ...headers },
      payload,
    })
    expect([400, 415]).toContain(reply.statusCode)
    expect(['VALIDATION', 'UNSUPPORTED_MEDIA_TYPE']).toContain(reply.json().code)
    expect(await readdir(folder)).toEqual(before)
  })

  test('leaves nothing behind when it is too large, announced or not', async () => {
    const before = await readdir(folder)
    const large = Buffer.alloc(6 * mb + 1, 'x')
    expect(await refusal(await anna.post(large, 'x.txt'))).toEqual([413, 'FILE_TOO_LARGE'])
    const larger = Buffer.alloc(7 * mb, 'x')
    expect(await refusal(await anna.post(larger, 'x.txt'))).toEqual([413, 'FILE_TOO_LARGE'])
    expect(await readdir(folder)).toEqual(before)
    expect((await anna.upload(Buffer.alloc(6 * mb, 'x'), 'x.txt')).size).toBe(6 * mb)
  })

  test('leaves nothing behind when the client goes away', async () => {
    const before = await readdir(folder)
    const upload = request(`${house.first.url}/api/files`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${anna.token}`,
        'content-type': 'multipart/form-data; boundary=x',
      },
    })
    upload.write('--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n')
    upload.write('x'.repeat(mb))
    await expect.poll(() => readdir(folder)).toHaveLength(before.length + 1)
    upload.on('error', () => {}).destroy()
    await expect.poll(() => readdir(folder)).toEqual(before)
  })
})

describe('an avatar', () => {
  const purpose = 'avatar'

  test('is kept as WebP of at most 512 × 512', async () => {
    const bytes = await picture(1200, 600).png().toBuffer()
    expect(await anna.upload(bytes, '../../папка/лицо.png', { purpose })).toMatchObject({
      name: 'лицо.png',
      mimeType: 'image/webp',
      kind: 'image',
      width: 512,
      height: 256,
    })
  })

  test.each([
    ['a text', 'hello', 415, 'FILE_TYPE'],
    ['an SVG', samples.svg, 415, 'FILE_TYPE'],
    ['half a PNG', Buffer.from('89504e470d0a1a0a0000000d4948', 'hex'), 415, 'FILE_TYPE'],
    ['more than 5 MB', Buffer.alloc(5 * mb + 1), 413, 'FILE_TOO_LARGE'],
  ])('can not be %s', async (_name, bytes, ...expected) => {
    expect(await refusal(await anna.post(bytes, 'me.png', { purpose }))).toEqual(expected)
  })

  test('can not be of too many pixels', async () => {
    const bytes = await picture(16_000, 4_000).png().toBuffer()
    const reply = await anna.post(bytes, 'me.png', { purpose })
    expect(await refusal(reply)).toEqual([413, 'IMAGE_TOO_LARGE'])
  })

  test('serves its owner only', async () => {
    const bytes = await picture(20, 20).png().toBuffer()
    const { id } = await anna.upload(bytes, 'me.png', { purpose })
    expect((await anna.call('PATCH', '/me', { avatarId: id })).json().avatarId).toBe(id)
    const other = await house.person()
    expect((await other.call('PATCH', '/me', { avatarId: id })).json().code).toBe('VALIDATION')
  })

  test('is never an attachment, which may be of any size', async () => {
    const { id } = await anna.upload(await picture(2000, 2000).png().toBuffer(), 'me.png')
    const forUser = await anna.call('PATCH', '/me', { avatarId: id })
    const forChat = await anna.call('POST', '/chats', {
      type: 'group',
      name: 'x',
      memberIds: [],
      avatarId: id,
    })
    for (const reply of [forUser, forChat]) {
      expect(reply.json()).toMatchObject({ code: 'VALIDATION', issues: [{ path: 'avatarId' }] })
    }
  })
})

describe('an image that is attached', () => {
  test.each(['jpeg', 'png', 'webp', 'gif', 'avif'] as const)(
    'stays %s, with a small WebP beside it',
    async (format) => {
      const bytes = await picture(900, 450).toFormat(format).toBuffer()
      const file = await anna.upload(bytes, `photo.${format}`)
      expect(file).toMatchObject({
        name: `photo.${format}`,
        kind: 'image',
        mimeType: `image/${format}`,
        width: 900,
        height: 450,
      })
      const kept = await bytesOf(file.id)
      expect(kept).toHaveLength(file.size)
      expect(await sharp(kept).metadata()).toMatchObject({ mediaType: `image/${format}` })
      expect(await sharp(await bytesOf(file.id, '.thumb')).metadata()).toMatchObject({
        format: 'webp',
        width: 640,
        height: 320,
      })
    },
  )

  test('loses what the camera wrote and stands upright', async () => {
    const bytes = await picture(40, 20)
      .withExif({ IFD0: { Artist: 'secret' }, IFD3: { GPSLatitude: '55/1 45/1 0/1' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer()
    expect(bytes.includes('secret')).toBe(true)
    const file = await anna.upload(bytes, 'x.jpg')
    expect([file.width, file.height]).toEqual([20, 40])
    for (const ending of ['', '.thumb']) {
      const kept = await bytesOf(file.id, ending)
      const { width, height, exif, xmp, orientation } = await sharp(kept).metadata()
      expect({ width, height }).toEqual({ width: 20, height: 40 })
      expect([exif, xmp, orientation]).toEqual([undefined, undefined, undefined])
      expect(kept.includes('secret')).toBe(false)
    }
  })

  test.each(['gif', 'webp'] as const)('goes on moving as %s', async (format) => {
    const bytes = await (await animation(5))
      .toFormat(format, { delay: [100, 200, 100, 200, 100] })
      .toBuffer()
    const file = await anna.upload(bytes, `moving.${format}`)
    expect([file.width, file.height]).toEqual([40, 40])
    expect(await sharp(await bytesOf(file.id), { animated: true }).metadata()).toMatchObject({
      pages: 5,
      delay: [100, 200, 100, 200, 100],
    })
  })

  test('is cut off behind its last byte', async () => {
    const bytes = await picture(20, 20).png().toBuffer()
    const file = await anna.upload(Buffer.concat([bytes, samples.html]), 'x.png')
    expect((await bytesOf(file.id)).includes('<script>')).toBe(false)
  })

  test.each([
    ['in one frame', () => picture(16_000, 4_000).png().toBuffer(), 'bomb.png'],
    // Sixty million pixels are quickly written as two colours.
    [
      'over all its frames',
      async () => (await animation(60, 1000)).gif({ effort: 1, colours: 2, dither: 0 }).toBuffer(),
      'bomb.gif',
    ],
  ])('of too many pixels %s is refused', async (_where, make, name) => {
    const before = await readdir(folder)
    expect(await refusal(await anna.post(await make(), name))).toEqual([413, 'IMAGE_TOO_LARGE'])
    expect(await readdir(folder)).toEqual(before)
  })

  test('that breaks off is refused', async () => {
    const before = await readdir(folder)
    const pixels = { width: 300, height: 300, channels: 3 } as const
    const noise = await sharp(randomBytes(300 * 300 * 3), { raw: pixels })
      .png()
      .toBuffer()
    const reply = await anna.post(noise.subarray(0, noise.length / 2), 'half.png')
    expect(await refusal(reply)).toEqual([415, 'FILE_TYPE'])
    expect(await readdir(folder)).toEqual(before)
  })
})

describe('a file that is attached', () => {
  test.each([
    ['mp4', 'video'],
    ['mp3', 'audio'],
    ['pdf', 'file'],
    ['zip', 'file'],
    ['html', 'file'],
    ['svg', 'file'],
  ] as const)('%s is kept byte for byte as %s', async (sample, kind) => {
    const file = await anna.upload(samples[sample], `a.${sample}`)
    expect(file).toMatchObject({ kind, size: samples[sample].length, width: null, height: null })
    expect(await bytesOf(file.id)).toEqual(samples[sample])
  })

  test('in disguise is refused and says so', async () => {
    const before = await readdir(folder)
    const reply = await anna.post(samples.html, 'me.png', { type: 'image/png' })
    expect(await reply.json()).toMatchObject({
      statusCode: 415,
      code: 'FILE_TYPE',
      message: 'The file is named .png, but is no PNG file.',
    })
    expect(await readdir(folder)).toEqual(before)
  })
})
