import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { filesCookie } from '../auth/cookies.ts'
import { openTestHouse, type TestHouse } from '../testing/app.ts'
import type { Person } from '../testing/person.ts'
import { samples } from '../testing/samples.ts'

let house: TestHouse
let anna: Person
beforeAll(async () => {
  house = await openTestHouse()
  anna = await house.person('Анна')
})
afterAll(() => house.close())

const photo = () =>
  sharp({ create: { width: 800, height: 400, channels: 3, background: '#c03' } })
    .png()
    .toBuffer()

function get(
  address: string,
  headers: Record<string, string> = {},
  method: 'GET' | 'HEAD' = 'GET',
) {
  const authorization = `Bearer ${anna.token}`
  const url = `/api/files/${address}`
  return house.first.app.inject({ method, url, headers: { authorization, ...headers } })
}

const harmless = {
  'content-security-policy': "default-src 'none'; sandbox",
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
}

describe('a download', () => {
  test('gives an image in place, its thumbnail too, with headers that let nothing run', async () => {
    const file = await anna.upload(await photo(), 'фото.png')
    const reply = await get(file.id)
    expect(reply.statusCode).toBe(200)
    expect(reply.headers).toMatchObject({
      ...harmless,
      'content-type': 'image/png',
      'content-length': String(file.size),
      'content-disposition': `inline; filename="____.png"; filename*=UTF-8''%D1%84%D0%BE%D1%82%D0%BE.png`,
      'cache-control': 'private, no-cache',
      'accept-ranges': 'bytes',
    })
    expect((await sharp(reply.rawPayload).metadata()).format).toBe('png')

    const small = await get(`${file.id}?variant=thumbnail`)
    expect(small.headers).toMatchObject({ ...harmless, 'content-type': 'image/webp' })
    expect(small.headers.etag).not.toBe(reply.headers.etag)
    expect((await sharp(small.rawPayload).metadata()).width).toBe(640)
  })

  test('saves anything that is asked for so', async () => {
    const file = await anna.upload(await photo(), 'photo.png')
    const reply = await get(`${file.id}?download=1`)
    expect(reply.headers['content-disposition']).toMatch(/^attachment; filename="photo\.png"/)
  })

  test.each([
    ['html', 'page.html'],
    ['svg', 'drawing.svg'],
    ['pdf', 'paper.pdf'],
    ['text', 'script.js'],
  ] as const)('saves %s, whatever is asked', async (sample, name) => {
    const file = await anna.upload(samples[sample], name)
    const reply = await get(file.id)
    expect(reply.headers).toMatchObject({
      ...harmless,
      'content-type': 'application/octet-stream',
      'content-disposition': expect.stringMatching(/^attachment;/),
    })
    expect(reply.rawPayload).toEqual(samples[sample])
    expect((await get(`${file.id}?variant=thumbnail`)).json().code).toBe('NOT_FOUND')
  })

  test('of an avatar may be kept forever', async () => {
    const file = await anna.upload(await photo(), 'me.png', { purpose: 'avatar' })
    expect((await get(file.id)).headers).toMatchObject({
      ...harmless,
      'content-type': 'image/webp',
      'cache-control': 'private, max-age=31536000, immutable',
    })
  })

  test('takes the cookie of files, and no other token in its place', async () => {
    const file = await anna.upload(await photo(), 'photo.png')
    const url = `/api/files/${file.id}`
    const { app } = house.first
    const withCookie = (token = '') => app.inject({ url, cookies: { [filesCookie]: token } })
    expect((await withCookie(anna.cookies[filesCookie])).statusCode).toBe(200)
    expect((await withCookie(anna.token)).json().code).toBe('UNAUTHORIZED')
    expect((await app.inject({ url })).statusCode).toBe(401)
    const authorization = `Bearer ${anna.cookies[filesCookie]}`
    const asBearer = await app.inject({ url: '/api/me', headers: { authorization } })
    expect(asBearer.json().code).toBe('UNAUTHORIZED')
  })
})

describe('a part of a video', () => {
  test('is given as it is asked for', async () => {
    const { id, size } = await anna.upload(samples.mp4, 'clip.mp4')
    const middle = await get(id, { range: 'bytes=8-11' })
    expect(middle.statusCode).toBe(206)
    expect(middle.headers).toMatchObject({
      ...harmless,
      'content-type': 'video/mp4',
      'content-range': `bytes 8-11/${size}`,
      'content-length': '4',
    })
    expect(middle.payload).toBe('isom')
    const tail = await get(id, { range: 'bytes=-10' })
    expect(tail.headers['content-range']).toBe(`bytes ${size - 10}-${size - 1}/${size}`)
    expect(tail.rawPayload).toEqual(samples.mp4.subarray(-10))
  })

  test('behind its end is refused', async () => {
    const { id, size } = await anna.upload(samples.mp4, 'clip.mp4')
    const reply = await get(id, { range: `bytes=${size}-` })
    expect([reply.statusCode, reply.headers['content-range']]).toEqual([416, `bytes */${size}`])
  })

  test('goes on only with the same bytes', async () => {
    const { id } = await anna.upload(samples.mp4, 'clip.mp4')
    const etag = String((await get(id)).headers.etag)
    const range = 'bytes=0-3'
    expect((await get(id, { range, 'if-range': etag })).statusCode).toBe(206)
    expect((await get(id, { range, 'if-range': '"other"' })).statusCode).toBe(200)
  })
})

describe('a client that has the bytes', () => {
  test('is not sent them again', async () => {
    const { id } = await anna.upload(samples.mp4, 'clip.mp4')
    const etag = String((await get(id)).headers.etag)
    for (const tags of [etag, `"x", W/${etag}`, '*']) {
      const reply = await get(id, { 'if-none-match': tags })
      expect([reply.statusCode, reply.payload]).toEqual([304, ''])
      expect(reply.headers).toMatchObject({ etag, 'cache-control': 'private, no-cache' })
    }
    expect((await get(id, { 'if-none-match': '"x"' })).statusCode).toBe(200)
  })

  test('can ask for the headers alone', async () => {
    const { id, size } = await anna.upload(samples.mp4, 'clip.mp4')
    const reply = await get(id, { range: 'bytes=0-3' }, 'HEAD')
    expect([reply.statusCode, reply.payload]).toEqual([200, ''])
    expect(reply.headers).toMatchObject({
      'content-length': String(size),
      'content-type': 'video/mp4',
    })
  })
})
