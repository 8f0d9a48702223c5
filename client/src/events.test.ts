import { type BesedaEvent, beatMs } from '@beseda/protocol/events'
import { v7 as uuid } from 'uuid'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createEventSocket } from './events.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** An event socket whose other end the test plays. */
function open() {
  const made: Wire[] = []
  class Wire extends EventTarget {
    onopen = () => {}
    onmessage = (_: { data: string }) => {}
    onclose = (_: { code: number }) => {}
    sent: { type: string }[] = []
    closed = false
    constructor() {
      super()
      made.push(this)
    }
    send(text: string) {
      this.sent.push(JSON.parse(text))
    }
    close() {
      this.closed = true
    }
    say(event: BesedaEvent) {
      this.onmessage({ data: JSON.stringify(event) })
    }
    greet() {
      this.onopen()
      this.say({ type: 'ready', userId: uuid(), heads: {} })
    }
  }
  const events: BesedaEvent[] = []
  const renewal = { answer: async () => true }
  const socket = createEventSocket({
    url: () => 'ws://beseda.test',
    WebSocket: Wire as unknown as typeof WebSocket,
    accessToken: () => 'token',
    renew: () => renewal.answer(),
    seqs: () => ({}),
    onEvent: (event) => events.push(event),
  })
  socket.open()
  const last = () => {
    const wire = made.at(-1)
    if (!wire) throw new Error('no socket was made')
    return wire
  }
  return { socket, events, made, last, renewal, status: () => socket.state.get().status }
}

test('a socket that has gone silent is left for a new one', async () => {
  const { made, last, status } = open()
  last().greet()
  await vi.advanceTimersByTimeAsync(3 * beatMs)
  expect(made[0]?.closed).toBe(true)
  expect(made).toHaveLength(2)
  last().greet()
  expect(status()).toBe('online')
})

test('beats keep a socket on which nothing happens, and are nobody else’s business', async () => {
  const { made, last, events, status } = open()
  last().greet()
  for (let beats = 0; beats < 10; beats++) {
    await vi.advanceTimersByTimeAsync(beatMs)
    last().say({ type: 'beat' })
  }
  expect(made).toHaveLength(1)
  expect(status()).toBe('online')
  expect(events.map(({ type }) => type)).toEqual(['ready'])
})

test('when the network is back an open socket is asked and left if it says nothing', async () => {
  const { socket, made, last } = open()
  last().greet()
  socket.retryNow()
  expect(last().sent.at(-1)).toEqual({ type: 'beat' })
  last().say({ type: 'beat' })
  await vi.advanceTimersByTimeAsync(beatMs)
  expect(made).toHaveLength(1)
  socket.retryNow()
  await vi.advanceTimersByTimeAsync(6_000)
  expect(made).toHaveLength(2)
})

test('when the network is back a pause between tries is over', async () => {
  const { socket, made, last, status } = open()
  last().onclose({ code: 1006 })
  expect(status()).toBe('waiting')
  socket.retryNow()
  expect(made).toHaveLength(2)
})

test('a long greeting is not a dead socket', async () => {
  const { made, last } = open()
  last().onopen()
  for (let seconds = 0; seconds < 20; seconds += 5) {
    await vi.advanceTimersByTimeAsync(5_000)
    last().say({ type: 'beat' })
  }
  expect(made).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(11_000)
  expect(made).toHaveLength(2)
})

test('a renewal of the session that takes long makes one new socket', async () => {
  const { made, last, renewal, status } = open()
  const { promise, resolve } = Promise.withResolvers<boolean>()
  renewal.answer = () => promise
  last().greet()
  last().onclose({ code: 4401 })
  await vi.advanceTimersByTimeAsync(4 * beatMs)
  expect(made).toHaveLength(1)
  resolve(true)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(made).toHaveLength(2)
  last().greet()
  expect(status()).toBe('online')
})
