import { beatMs } from '@beseda/protocol/events'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import type { WebSocketServer } from 'ws'
import { openTestHouse, type TestHouse } from '../testing/app.ts'
import { openBareSocket } from '../testing/event-socket.ts'
import { startHeartbeat } from './heartbeat.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openTestHouse()
})
afterAll(() => house.close())
afterEach(() => vi.useRealTimers())

test('a client that asks whether the socket is alive is answered', async () => {
  const anna = await house.person()
  const socket = await anna.socket()
  const before = socket.beats()
  socket.sendFrame({ type: 'beat' })
  await expect.poll(socket.beats).toBeGreaterThan(before)
  await socket.close()
})

test('a question before the greeting closes with 4400', async () => {
  const socket = await openBareSocket(house.first.url)
  socket.sendFrame({ type: 'beat' })
  expect(await socket.closed).toBe(4400)
})

test('every socket gets a beat, and who does not answer pings is cut off', async () => {
  vi.useFakeTimers()
  const sent: string[] = []
  let cut = 0
  const socket = {
    send: (frame: string) => sent.push(frame),
    ping: () => {},
    terminate: () => (cut += 1),
  }
  const server = { clients: new Set([socket]), on: () => {} }
  const stop = startHeartbeat(server as unknown as WebSocketServer)
  await vi.advanceTimersByTimeAsync(2 * beatMs)
  expect(sent.map((frame) => JSON.parse(frame))).toEqual([{ type: 'beat' }, { type: 'beat' }])
  expect(cut).toBe(0)
  await vi.advanceTimersByTimeAsync(2 * beatMs)
  expect(cut).toBe(1)
  stop()
})
