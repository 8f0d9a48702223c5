import {
  callEventsGroup,
  callEventsStream,
  type SfuEvent,
  sfuEventSchema,
} from '@beseda/protocol/redis'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { z } from 'zod'
import { retry } from './retry.ts'

/** All servers read under one name: an entry still goes to only one of them, and no name is left behind. */
const consumer = 'server'
const blockMs = 5_000
const batchSize = 100

const entrySchema = z.tuple([z.string(), z.array(z.string()).nullable()])
const readReplySchema = z.array(z.tuple([z.string(), z.array(entrySchema)])).nullable()
const claimReplySchema = z.tuple([z.string(), z.array(entrySchema.nullable())]).rest(z.unknown())

export type StreamOptions = {
  redis: Redis
  log: Logger
  /** Does all that a batch asks for; an entry is acknowledged after it resolves. */
  handle: (events: SfuEvent[], signal: AbortSignal) => Promise<void>
  /** ms after which an entry that another server took and did not acknowledge is taken over. */
  claimIdleMs?: number
}

/** Read what the SFUs saw, until closed. Entries come at least once. */
export function consumeCallEvents({ redis, log, handle, claimIdleMs = 10_000 }: StreamOptions) {
  const reader = redis.duplicate({ maxRetriesPerRequest: null })
  reader.on('error', (error) => log.warn({ err: error }, 'the reader of call events lost Redis'))
  const closing = new AbortController()
  let blocked = false
  let claimedAt = 0

  async function claim(): Promise<Entry[]> {
    claimedAt = Date.now()
    const reply = await reader.xautoclaim(
      callEventsStream,
      callEventsGroup,
      consumer,
      claimIdleMs,
      '0-0',
      'COUNT',
      batchSize,
    )
    const [cursor, entries] = claimReplySchema.parse(reply)
    if (cursor !== '0-0') claimedAt = 0
    return entries.filter((entry) => entry !== null)
  }

  async function read(): Promise<Entry[]> {
    blocked = true
    try {
      const wait = Math.min(blockMs, claimIdleMs)
      const reply = await reader.xreadgroup(
        ...(['GROUP', callEventsGroup, consumer, 'COUNT', batchSize] as const),
        ...(['BLOCK', wait, 'STREAMS', callEventsStream, '>'] as const),
      )
      return readReplySchema.parse(reply)?.flatMap(([, entries]) => entries) ?? []
    } finally {
      blocked = false
    }
  }

  async function work(entries: Entry[]) {
    if (entries.length === 0) return
    const events = entries.flatMap((entry) => parseEntry(entry, log) ?? [])
    await handle(events, closing.signal)
    await redis.xack(callEventsStream, callEventsGroup, ...entries.map(([id]) => id))
  }

  async function readOn() {
    await ensureGroup(reader)
    while (!closing.signal.aborted) {
      if (Date.now() - claimedAt >= claimIdleMs) await work(await claim())
      if (!closing.signal.aborted) await work(await read())
    }
  }

  const running = retry(readOn, { signal: closing.signal, log, what: 'reading call events' })

  async function close() {
    closing.abort()
    if (blocked || reader.status !== 'ready') reader.disconnect()
    await running.catch(() => {})
    reader.disconnect()
  }

  return { close }
}

type Entry = z.infer<typeof entrySchema>

async function ensureGroup(redis: Redis) {
  try {
    await redis.xgroup('CREATE', callEventsStream, callEventsGroup, '0', 'MKSTREAM')
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('BUSYGROUP'))) throw error
  }
}

/** An entry that can't be read is told of and dropped: it would be no better the next time. */
function parseEntry([id, fields]: Entry, log: Logger): SfuEvent | null {
  try {
    const text = fields?.[fields.indexOf('event') + 1] ?? ''
    return sfuEventSchema.parse(JSON.parse(text))
  } catch (error) {
    log.error({ err: error, entry: id, fields }, 'a call event that cannot be read was dropped')
    return null
  }
}
