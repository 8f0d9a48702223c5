import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { listeners, listenersAt, watchMachine } from './machine.ts'

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0000 100 0 0 10 0
   1: 0100007F:0BB8 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0000 20 4 30 10 -1
   2: 00000000:0BB9 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0000 100 0 0 10 0
`

test('who listens on a port is found in the table of the kernel, who is connected is not', () => {
  expect(listeners(table, 3_000)).toEqual(['4711'])
  expect(listeners(table, 3_001)).toEqual(['4713'])
  expect(listeners(table, 3_002)).toEqual([])
})

test('a process that listens here is found by its URL and looked at', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const url = `http://localhost:${port}`
  expect(await listenersAt(url)).toEqual([process.pid])
  const machine = watchMachine(url, () => [])
  expect(await machine.take()).toEqual([])
  await expect.poll(async () => (await machine.take())[0]?.cpuPercent).toBeGreaterThan(0)
  const [usage] = await machine.take()
  expect(usage?.name).toBe('server')
  expect(usage?.threadPercent).toBeLessThanOrEqual(usage?.cpuPercent ?? 0)
  expect(usage?.memoryMb).toBeGreaterThan(10)
  server.close()
})

test('what is elsewhere, or nowhere, is not on this machine', async () => {
  expect(await listenersAt('https://192.0.2.1')).toEqual([])
  expect(await listenersAt('http://127.0.0.1:9')).toEqual([])
})
