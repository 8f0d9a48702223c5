import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join as joinPath } from 'node:path'
import { text } from 'node:stream/consumers'
import { redisKeys, sfuNodeSchema } from '@beseda/protocol/redis'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { putCall } from './testing/calls.ts'
import { join } from './testing/client.ts'
import { callTokenSecret, freePort, testRedisUrl } from './testing/node.ts'

let redis: Redis
const children = new Set<ChildProcess>()
beforeAll(() => {
  redis = new Redis(testRedisUrl())
})
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  children.clear()
})
afterAll(() => redis.disconnect())

async function start(overrides: Record<string, string> = {}) {
  const port = await freePort()
  const child = fork(joinPath(import.meta.dirname, 'main.ts'), {
    silent: true,
    env: {
      ...process.env,
      SFU_PORT: String(port),
      SFU_RTC_PORT: String(await freePort()),
      SFU_WORKERS: '1',
      REDIS_URL: testRedisUrl(),
      CALL_TOKEN_SECRET: callTokenSecret,
      ...overrides,
    },
  })
  children.add(child)
  const { stdout, stderr } = child
  if (stderr === null) throw new Error('no stderr')
  stdout?.resume()
  const exited = Promise.all([once(child, 'exit'), text(stderr)]).then(([[code], said]) => ({
    code,
    said,
  }))
  return { child, exited, port }
}

/** Start a process that gets ready. */
async function startReady(overrides: Record<string, string> = {}) {
  const { child, exited, port } = await start(overrides)
  const said = await Promise.race([once(child, 'message'), exited])
  expect(said).toMatchObject({ 0: { type: 'ready' } })
  return { child, exited, port }
}

describe('a process that is ready', () => {
  test('says so, and stops in order at SIGTERM', async () => {
    const { child, exited } = await startReady()
    child.kill('SIGTERM')
    expect(await exited).toEqual({ code: 0, said: '' })
  })

  test('lets calls go on after SIGTERM for as long as it was told', async () => {
    // Nodes of other tests are none that the call could go to.
    const REDIS_URL = new URL('/14', testRedisUrl()).href
    const { child, exited, port } = await startReady({ REDIS_URL, SFU_DRAIN_SECONDS: '60' })
    const own = new Redis(REDIS_URL)
    try {
      const [key = ''] = await own.keys(redisKeys.sfuNode('*'))
      const read = async () => sfuNodeSchema.parse(JSON.parse((await own.get(key)) ?? ''))
      const { node } = await read()
      const client = await join({ port, node }, await putCall({ redis: own, node }))
      child.kill('SIGTERM')
      await vi.waitFor(async () => expect((await read()).draining).toBe(true), { timeout: 15_000 })
      // Answered by the worker.
      await client.request('restartIce', { transportId: client.joined.sendTransport.id })
      await client.request('leave', {})
      expect(await exited).toEqual({ code: 0, said: '' })
    } finally {
      own.disconnect()
    }
  })

  test('stops when the launcher is gone', async () => {
    const { child, exited } = await startReady()
    child.disconnect()
    expect(await exited).toEqual({ code: 0, said: '' })
  })

  test('is forgotten within six seconds when it dies', async () => {
    const { child, exited, port } = await startReady()
    expect(await portsKnown()).toContain(port)
    child.kill('SIGKILL')
    await exited
    await vi.waitFor(async () => expect(await portsKnown()).not.toContain(port), {
      timeout: 15_000,
    })
  })
})

describe('a process that can not start says why in one sentence', () => {
  const cases: [string, () => Promise<Record<string, string>>, RegExp][] = [
    [
      'malformed setting',
      async () => ({ SFU_WORKERS: 'many' }),
      /^SFU_WORKERS is not valid: .*\n$/,
    ],
    [
      'missing secret',
      async () => ({ CALL_TOKEN_SECRET: '' }),
      /^CALL_TOKEN_SECRET is not set.*\n$/,
    ],
    [
      'a secret that production refuses',
      async () => ({ NODE_ENV: 'production', CALL_TOKEN_SECRET: 'x'.repeat(40) }),
      /^CALL_TOKEN_SECRET repeats a few characters.*\n$/,
    ],
    [
      'no Redis named',
      async () => ({ REDIS_URL: '' }),
      /^REDIS_URL or REDIS_HOST must be set.*\n$/,
    ],
    [
      'no Redis there',
      async () => ({ REDIS_URL: `redis://:hush@127.0.0.1:${await freePort()}` }),
      /^Redis can't be reached at 127\.0\.0\.1:\d+ \(.*ECONNREFUSED.*\)\.\n$/,
    ],
    [
      'no such host',
      async () => ({ SFU_HOST: 'no.such.invalid' }),
      /^SFU_HOST no\.such\.invalid .*\n$/,
    ],
    [
      'no worker',
      async () => ({ MEDIASOUP_WORKER_BIN: '/nowhere/worker' }),
      /^The mediasoup worker does not start \(.*\): set MEDIASOUP_WORKER_BIN.*\n$/,
    ],
    [
      'media port taken',
      async () => ({ SFU_RTC_PORT: await takenPort() }),
      /^Media port \d+ on 127\.0\.0\.1 can't be opened \(.*\): free it or set SFU_RTC_PORT\.\n$/,
    ],
    [
      'signalling port taken',
      async () => ({ SFU_PORT: await takenPort() }),
      /^The SFU can't listen on 127\.0\.0\.1:\d+ \(.*EADDRINUSE.*\): set SFU_HOST or SFU_PORT\.\n$/,
    ],
  ]
  for (const [name, overrides, sentence] of cases) {
    test(name, async () => {
      const { exited } = await start(await overrides())
      const { code, said } = await exited
      expect(said).toMatch(sentence)
      expect(code).toBe(1)
      expect(said).not.toContain('hush')
    })
  }
})

/** Signalling ports of the nodes that Redis knows. */
async function portsKnown(): Promise<number[]> {
  const keys = await redis.keys(redisKeys.sfuNode('*'))
  const texts = keys.length === 0 ? [] : await redis.mget(keys)
  return texts.flatMap((text) => (text ? sfuNodeSchema.parse(JSON.parse(text)).port : []))
}

async function takenPort(): Promise<string> {
  const port = await freePort()
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  server.unref()
  return String(port)
}
