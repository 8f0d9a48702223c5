import type { FastifyBaseLogger } from 'fastify'
import type { Redis } from 'ioredis'
import { type CallChange, mergeChanges } from './call-change.ts'
import { writeChange } from './write-change.ts'

/** Events that may wait for Redis; beyond that the oldest of a call are dropped. */
const maxWaitingEvents = 10_000
const retryAfter = 500

export type JournalOptions = { redis: Redis; node: string; log: FastifyBaseLogger }

/** Writes changes in order and in the background, again and again while Redis is away. */
export type Journal = {
  record(change: CallChange): void
  /** Resolves when nothing waits, or after `timeout` milliseconds; writing stops then. */
  close(timeout: number): Promise<void>
}

export function makeJournal({ redis, node, log }: JournalOptions): Journal {
  let waiting = new Map<string, CallChange>()
  let writing: Promise<void> | undefined
  let retry: NodeJS.Timeout | undefined
  let closed = false

  function record(change: CallChange): void {
    const older = waiting.get(change.callId)
    const merged = older ? mergeChanges(older, change) : change
    waiting.set(change.callId, bounded(merged))
    start()
  }

  function bounded(change: CallChange): CallChange {
    const excess = change.events.length - maxWaitingEvents
    if (excess <= 0) return change
    log.warn({ callId: change.callId, excess }, 'redis was away too long: events are dropped')
    return { ...change, events: change.events.slice(excess) }
  }

  function start(): void {
    if (writing || retry || closed) return
    writing = write().finally(() => {
      writing = undefined
      if (waiting.size > 0 && !retry) start()
    })
  }

  /** Write all that waits; what fails waits again, under what came meanwhile. */
  async function write(): Promise<void> {
    const batch = [...waiting.values()]
    waiting = new Map()
    const pipeline = redis.pipeline()
    for (const change of batch) writeChange(pipeline, node, change)
    const results = await pipeline.exec().catch(() => null)
    const failed = batch.filter((_, index) => results?.[index]?.[0] !== null)
    for (const change of failed) {
      const newer = waiting.get(change.callId)
      waiting.set(change.callId, bounded(newer ? mergeChanges(change, newer) : change))
    }
    if (failed.length === 0 || closed) return
    log.debug({ calls: failed.length }, 'writes to redis wait')
    retry = setTimeout(() => {
      retry = undefined
      start()
    }, retryAfter)
  }

  async function close(timeout: number): Promise<void> {
    const deadline = performance.now() + timeout
    while ((waiting.size > 0 || writing) && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    closed = true
    clearTimeout(retry)
  }

  return { record, close }
}
