import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type EmbeddedValkey, startValkey } from './valkey.ts'

let valkey: EmbeddedValkey
let redis: Redis

beforeAll(async () => {
  valkey = await startValkey()
  redis = new Redis(valkey.url)
})

afterAll(async () => {
  redis.disconnect()
  await valkey.close()
})

test('answers commands in order', async () => {
  const keys = Array.from({ length: 200 }, (_, index) => `key:${index}`)
  await Promise.all(keys.map((key) => redis.set(key, `value of ${key}`)))
  expect(await redis.mget(keys)).toEqual(keys.map((key) => `value of ${key}`))
})

test('lets nobody in without the password', async () => {
  const stranger = new Redis(valkey.port, '127.0.0.1', { maxRetriesPerRequest: 0 })
  stranger.on('error', () => {})
  await expect(stranger.get('key:1')).rejects.toThrow(/NOAUTH/)
  stranger.disconnect()
})

test('publishes and subscribes', async () => {
  const subscriber = redis.duplicate()
  const heard = new Promise<string>((resolve) =>
    subscriber.on('message', (_, text) => resolve(text)),
  )
  await subscriber.subscribe('news')
  await redis.publish('news', 'hello')
  expect(await heard).toBe('hello')
  subscriber.disconnect()
})

test('runs Lua', async () => {
  const script = 'redis.call("SET", KEYS[1], ARGV[1]); return redis.call("GET", KEYS[1])'
  expect(await redis.eval(script, 1, 'lua', 'ok')).toBe('ok')
})

test('wakes a blocked reader of a consumer group', async () => {
  await redis.xgroup('CREATE', 'stream', 'group', '$', 'MKSTREAM')
  const reader = redis.duplicate()
  const times: number[] = []
  for (let i = 0; i < 5; i += 1) {
    const read = reader.xreadgroup('GROUP', 'group', 'one', 'BLOCK', 5000, 'STREAMS', 'stream', '>')
    await new Promise((resolve) => setTimeout(resolve, 30))
    const start = performance.now()
    const id = await redis.xadd('stream', '*', 'kind', 'joined')
    expect(await read).toEqual([['stream', [[id, ['kind', 'joined']]]]])
    times.push(performance.now() - start)
    expect(await redis.xack('stream', 'group', String(id))).toBe(1)
  }
  // When there is something, not when the time to wait is over.
  expect(Math.max(...times)).toBeLessThan(4_000)
  reader.disconnect()
})

test('lets keys expire', async () => {
  await redis.set('soon gone', '1', 'PX', 30)
  await new Promise((resolve) => setTimeout(resolve, 80))
  expect(await redis.get('soon gone')).toBeNull()
})

test('takes a port of choice and says so in one sentence when it is taken', async () => {
  await expect(startValkey({ port: valkey.port })).rejects.toThrow(/is taken: stop what uses it/)
})

test('closes, and closes again', async () => {
  const other = await startValkey()
  const client = new Redis(other.url, { retryStrategy: () => null })
  await client.ping()
  const ended = new Promise((resolve) => client.on('close', resolve))
  await other.close()
  await other.close()
  await ended
})
