import { makeRandom } from '@beseda/client/testing/unsteady'
import { expect, test } from 'vitest'
import { type Datagrams, impair, makeRoad, type Network } from './impairment.ts'

const good: Network = { lossPercent: 0, delayMs: 0, kbps: null }
const road = (network: Partial<Network>) => makeRoad({ ...good, ...network }, makeRandom(1))

test('a good network lets all through at once, a slow one a little later', () => {
  expect(road({})(100, 1_000)).toBe(100)
  expect(road({ delayMs: 40 })(100, 1_000)).toBe(140)
})

test('as much is lost as is asked for, and the same for the same seed', () => {
  const lossy = road({ lossPercent: 5 })
  const passed = Array.from({ length: 20_000 }, (_, index) => lossy(index, 100) !== null)
  const lost = passed.filter((one) => !one).length / passed.length
  expect(lost).toBeGreaterThan(0.045)
  expect(lost).toBeLessThan(0.055)
  const again = road({ lossPercent: 5 })
  expect(passed).toEqual(passed.map((_, index) => again(index, 100) !== null))
  expect(road({ lossPercent: 100 })(0, 1)).toBeNull()
  expect(road({ lossPercent: 100 })(0, 1, true)).toBe(0)
})

test('a bottleneck passes what its bandwidth allows and drops what would wait too long', () => {
  // 1,000 bytes at 100 kbit/s take 80 ms.
  const narrow = road({ kbps: 100, delayMs: 10 })
  expect([1, 2, 3, 4, 5, 6].map(() => narrow(0, 1_000))).toEqual([90, 170, 250, 330, null, null])
  expect(narrow(400, 1_000)).toBe(490)
})

test('of all that goes through a socket the handshake alone is spared', async () => {
  const sent: number[] = []
  const socket: Datagrams = {
    send: async ([first = 0]) => void sent.push(first),
    onData: () => {},
    close: async () => {},
  }
  impair(socket, { ...good, lossPercent: 100 }, 1)
  const [stun, handshake, sealed, rtp] = [1, 22, 23, 128]
  for (const first of [stun, handshake, sealed, rtp]) await socket.send(Buffer.from([first]))
  expect(sent).toEqual([handshake, sealed])
})

test('a socket of a bad network keeps the order and forgets what waits when it closes', async () => {
  const sent: string[] = []
  let closed = false
  const socket: Datagrams = {
    send: async (data) => void sent.push(`up ${data}`),
    onData: (data) => void sent.push(`down ${data}`),
    close: async () => {
      closed = true
    },
  }
  impair(socket, { ...good, delayMs: 5 }, 1)
  for (const text of ['1', '2', '3']) {
    await socket.send(Buffer.from(text), ['127.0.0.1', 1])
    socket.onData(Buffer.from(text), ['127.0.0.1', 1])
  }
  expect(sent).toEqual([])
  await expect
    .poll(() => sent.filter((one) => one.startsWith('up')))
    .toEqual(['up 1', 'up 2', 'up 3'])
  await expect.poll(() => sent).toHaveLength(6)
  await socket.send(Buffer.from('4'))
  await socket.close()
  expect(closed).toBe(true)
  expect(sent).toHaveLength(6)
})
