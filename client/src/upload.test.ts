import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createRest } from './rest.ts'

/** A browser's request whose course the test decides. */
class FakeRequest {
  static made: FakeRequest[] = []
  upload: { onprogress?: (event: object) => void } = {}
  headers: Record<string, string> = {}
  address = ''
  status = 0
  responseText = ''
  onload = () => {}
  onerror = () => {}
  onabort = () => {}
  onloadend = () => {}

  constructor() {
    FakeRequest.made.push(this)
  }
  open(method: string, url: string) {
    this.address = `${method} ${url}`
  }
  setRequestHeader(name: string, value: string) {
    this.headers[name] = value
  }
  getAllResponseHeaders = () => 'content-type: application/json\r\nretry-after: 7\r\n'
  send() {}
  abort() {
    this.onabort()
    this.onloadend()
  }
  progress(loaded: number, total: number) {
    this.upload.onprogress?.({ lengthComputable: true, loaded, total })
  }
  answer(status: number, body: object) {
    this.status = status
    this.responseText = JSON.stringify(body)
    this.onload()
    this.onloadend()
  }
}

const stored = {
  id: '01900000-0000-7000-8000-000000000000',
  name: 'x.txt',
  mimeType: 'application/octet-stream',
  kind: 'file',
  size: 3,
  width: null,
  height: null,
}

let token = 'old'
const rest = createRest({
  url: 'http://beseda.example',
  fetch: () => Promise.reject(new Error('not by fetch')),
  accessToken: () => token,
  renew: async () => {
    token = 'new'
    return true
  },
})
const parts: number[] = []
const upload = (signal?: AbortSignal) =>
  rest.uploadFile(new Blob(['abc']), 'x.txt', {
    purpose: 'attachment',
    onProgress: (part) => parts.push(part),
    ...(signal && { signal }),
  })

beforeEach(() => {
  vi.stubGlobal('XMLHttpRequest', FakeRequest)
  FakeRequest.made = []
  parts.length = 0
  token = 'old'
})
afterEach(() => vi.unstubAllGlobals())

test('an upload tells how much has gone out', async () => {
  const done = upload()
  const [request] = FakeRequest.made
  expect(request?.address).toBe('POST http://beseda.example/api/files?purpose=attachment')
  request?.progress(1, 4)
  request?.progress(4, 4)
  request?.answer(201, stored)
  expect(await done).toEqual(stored)
  expect(parts).toEqual([0.25, 1])
})

test('an upload whose token expired is sent again with a new one', async () => {
  const done = upload()
  FakeRequest.made[0]?.answer(401, {
    statusCode: 401,
    code: 'TOKEN_EXPIRED',
    error: 'Unauthorized',
    message: 'expired',
  })
  await expect.poll(() => FakeRequest.made.length).toBe(2)
  expect(FakeRequest.made.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer old',
    'Bearer new',
  ])
  FakeRequest.made[1]?.answer(201, stored)
  expect(await done).toEqual(stored)
})

test('a refused upload says why, and when to come back', async () => {
  const done = upload()
  FakeRequest.made[0]?.answer(429, {
    statusCode: 429,
    code: 'RATE_LIMITED',
    error: 'Too Many Requests',
    message: 'slower',
  })
  await expect(done).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfter: 7 })
})

test('an upload that breaks off can be tried again', async () => {
  const done = upload()
  FakeRequest.made[0]?.onerror()
  await expect(done).rejects.toMatchObject({ code: 'NETWORK' })
})

test('an upload can be given up, before and while it runs', async () => {
  const controller = new AbortController()
  const done = upload(controller.signal)
  controller.abort()
  await expect(done).rejects.toMatchObject({ name: 'AbortError' })
  await expect(upload(controller.signal)).rejects.toMatchObject({ name: 'AbortError' })
  expect(FakeRequest.made).toHaveLength(1)
})
