import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openSignalling } from './signalling.ts'

/** A socket whose other end is the test. */
class FakeSocket {
  static OPEN = 1
  static last: FakeSocket
  readyState = FakeSocket.OPEN
  sent: { id: number; type: string }[] = []
  closed = false
  onopen?: () => void
  onclose?: (event: { code: number }) => void
  onmessage?: (event: { data: string }) => void

  constructor() {
    FakeSocket.last = this
  }

  send(frame: string) {
    this.sent.push(JSON.parse(frame))
  }

  close() {
    this.closed = true
    this.onclose?.({ code: 1000 })
  }

  receive(frame: object) {
    this.onmessage?.({ data: JSON.stringify(frame) })
  }
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function open() {
  const closes: number[] = []
  const signalling = openSignalling({
    url: 'ws://sfu.test/signalling',
    WebSocket: FakeSocket as unknown as typeof WebSocket,
    onNotice: () => {},
    onClose: (code) => closes.push(code),
  })
  return { signalling, closes, socket: FakeSocket.last }
}

test('a socket on which nothing comes any more closes, and all that waits fails', async () => {
  const { signalling, closes, socket } = open()
  const asked = signalling.request('restartIce', { transportId: 't' }, 4_000)
  const other = signalling.request('leave', {})
  const failures = Promise.allSettled([asked, other])
  await vi.advanceTimersByTimeAsync(3_999)
  expect(closes).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(await failures).toMatchObject([
    { status: 'rejected', reason: { code: 'TIMEOUT' } },
    { status: 'rejected', reason: { code: 'CLOSED' } },
  ])
  expect(closes).toEqual([1006])
  expect(socket.closed).toBe(true)
  await expect(signalling.request('leave', {})).rejects.toMatchObject({ code: 'CLOSED' })
})

test('a socket that is heard of stays, though one answer is late', async () => {
  const { signalling, closes, socket } = open()
  const late = signalling.request('restartIce', { transportId: 't' }, 4_000)
  const failure = expect(late).rejects.toMatchObject({ code: 'TIMEOUT' })
  const other = signalling.request('leave', {})
  socket.receive({ id: socket.sent[1]?.id, ok: true, data: {} })
  await other
  await vi.advanceTimersByTimeAsync(4_000)
  await failure
  expect(closes).toEqual([])
  expect(socket.closed).toBe(false)
})
