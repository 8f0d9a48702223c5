import { callEventsGroup, callEventsStream, type SfuEvent } from '@beseda/protocol/redis'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { v7 } from 'uuid'
import { afterAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { testRedisUrl } from '../testing/app.ts'
import { consumeCallEvents, type StreamOptions } from './stream.ts'
import { eventually } from './testing/eventually.ts'

const redis = new Redis(testRedisUrl())
const log = Object.assign(pino({ level: 'silent' }), { error: vi.fn() })

beforeEach(async () => {
  log.error.mockClear()
  await redis.flushdb()
})
afterAll(() => redis.quit())

const ended = (): SfuEvent => ({
  type: 'ended',
  callId: v7(),
  chatId: v7(),
  why: 'empty',
  at: 1,
})
const write = (text: string) => redis.xadd(callEventsStream, '*', 'event', text)
const pending = async () => (await redis.xpending(callEventsStream, callEventsGroup))[0]

/** A consumer that only remembers what it was given. */
function consume(options: Partial<StreamOptions> = {}) {
  const events: SfuEvent[] = []
  const handle = async (batch: SfuEvent[]) => void events.push(...batch)
  const consumer = consumeCallEvents({ redis, log, handle, claimIdleMs: 200, ...options })
  onTestFinished(() => consumer.close())
  return { events, close: consumer.close }
}

test('what was written before any server ran is read and acknowledged', async () => {
  const event = ended()
  await write(JSON.stringify(event))
  const { events } = consume()
  await eventually(() => expect(events).toEqual([event]))
  await eventually(async () => expect(await pending()).toBe(0))
})

test('each event goes to one of two servers', async () => {
  const [one, two] = [consume(), consume()]
  const written = Array.from({ length: 200 }, ended)
  for (const event of written) await write(JSON.stringify(event))
  await eventually(() => expect(one.events.length + two.events.length).toBe(200))
  const ids = [...one.events, ...two.events].map(({ callId }) => callId).sort()
  expect(ids).toEqual(written.map(({ callId }) => callId).sort())
})

test('what a dead server took and did not acknowledge is taken over', async () => {
  const event = ended()
  await redis.xgroup('CREATE', callEventsStream, callEventsGroup, '0', 'MKSTREAM')
  await write(JSON.stringify(event))
  await redis.xreadgroup('GROUP', callEventsGroup, 'dead', 'STREAMS', callEventsStream, '>')
  expect(await pending()).toBe(1)
  const { events } = consume()
  await eventually(() => expect(events).toEqual([event]))
  await eventually(async () => expect(await pending()).toBe(0))
})

test('what could not be handled is not acknowledged, and comes again', async () => {
  const event = ended()
  const handle = vi.fn().mockRejectedValueOnce(new Error('away')).mockResolvedValue(undefined)
  consume({ handle })
  await write(JSON.stringify(event))
  await eventually(() => expect(handle).toHaveBeenCalledTimes(1))
  expect(await pending()).toBe(1)
  await eventually(async () => expect(await pending()).toBe(0))
  expect(handle.mock.calls.map(([batch]) => batch)).toEqual([[event], [event]])
})

test.each([
  ['not JSON', '{"type"'],
  ['of no known type', '{"type":"exploded"}'],
  ['half an event', '{"type":"ended","callId":"1"}'],
])('an entry that is %s is told of and dropped', async (_what, text) => {
  await write(text)
  const event = ended()
  await write(JSON.stringify(event))
  const { events } = consume()
  await eventually(() => expect(events).toEqual([event]))
  await eventually(async () => expect(await pending()).toBe(0))
  expect(log.error).toHaveBeenCalledOnce()
})

test('a stream that Redis lost is made again', async () => {
  const { events } = consume()
  await eventually(async () => expect(await redis.exists(callEventsStream)).toBe(1))
  await redis.flushdb()
  const event = ended()
  await write(JSON.stringify(event))
  await eventually(() => expect(events).toEqual([event]))
})

test('closing does not wait for the next event', async () => {
  const { close } = consume({ claimIdleMs: 10_000 })
  await new Promise((resolve) => setTimeout(resolve, 100))
  const before = performance.now()
  await close()
  expect(performance.now() - before).toBeLessThan(4_000)
})
