import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join as joinPath } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Sfu } from './build.ts'
import { makeMetrics } from './metrics.ts'
import { putCall } from './testing/calls.ts'
import { join } from './testing/client.ts'
import { freePort, startTestSfu } from './testing/node.ts'

let sfu: Sfu
let port: number
beforeAll(async () => {
  port = await freePort()
  sfu = await startTestSfu({ SFU_METRICS_PORT: port })
})
afterAll(() => sfu.close())

const scrape = async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text()

test('has the metrics that docs/metrics.md names, and no others', async () => {
  const docs = await readFile(joinPath(import.meta.dirname, '../../docs/metrics.md'), 'utf8')
  const written = [...docs.matchAll(/^\| `(sfu_\w+)` \| (\w+) \|/gm)].map(([, ...row]) => row)
  const told = [...(await scrape()).matchAll(/^# TYPE (sfu_\w+) (\w+)$/gm)].map(([, ...row]) => row)
  expect(told.sort()).toEqual(written.sort())
  expect(await scrape()).toMatch(/^nodejs_eventloop_lag_seconds /m)
})

test('counts who is in', async () => {
  const ann = await join(sfu, await putCall(sfu))
  const text = await scrape()
  expect(text).toMatch(/^sfu_peers 1$/m)
  expect(text).toMatch(/^sfu_join_seconds_count 1$/m)
  expect(text).toMatch(/^sfu_worker_cpu_seconds_total\{pid="\d+"\} \d/m)
  expect(text).toMatch(/^sfu_bitrate_bits_per_second\{direction="received"\} \d/m)
  ann.socket.terminate()
})

test('counts the CPU of a worker once, however many ask at a time', async () => {
  const { registry } = makeMetrics(sfu.rooms, sfu.pool)
  const cpu = async () =>
    Number(/^sfu_worker_cpu_seconds_total\{.*\} (.*)$/m.exec(await registry.metrics())?.[1])
  const readings = await Promise.all([cpu(), cpu()])
  expect(Math.max(...readings)).toBeLessThanOrEqual(await cpu())
})

test('tells on that port alone', async () => {
  expect((await fetch(`http://127.0.0.1:${sfu.port}/metrics`)).status).toBe(404)
  expect((await fetch(`http://127.0.0.1:${port}/signalling`)).status).toBe(404)
})

test('says which port it can not have', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const address = taken.address()
  const wanted = typeof address === 'object' && address ? address.port : 0
  await expect(startTestSfu({ SFU_METRICS_PORT: wanted })).rejects.toThrow(
    `Metrics can't be served on 127.0.0.1:${wanted}`,
  )
  taken.close()
})
