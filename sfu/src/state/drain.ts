import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import type { Redis } from 'ioredis'
import type { Rooms } from '../rooms/rooms.ts'
import { findOther } from './handover.ts'

type Options = {
  redis: Redis
  node: string
  rooms: Rooms
  /** Write the node's key now. */
  refresh: () => Promise<void>
  /** Milliseconds between two looks for another node. */
  interval: number
  log: FastifyBaseLogger
}

/** Empties a node that goes on running, and opens it again. */
export type Drain = ReturnType<typeof makeDrain>

/**
 * Build what obeys an administrator: from then on the node takes no new calls, and hands those that
 * it has over once another node is there, for as long as that takes.
 */
export function makeDrain({ redis, node, rooms, refresh, interval, log }: Options) {
  let draining: AbortController | null = null

  async function handOver(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && rooms.all.length > 0) {
      const other = await findOther(redis, node).catch(() => false)
      if (signal.aborted) return
      if (other) return rooms.drain()
      await sleep(interval, undefined, { signal }).catch(() => {})
    }
  }

  return {
    async set(on: boolean): Promise<void> {
      if (on === (draining !== null)) return
      draining?.abort()
      draining = on ? new AbortController() : null
      log.info(on ? 'drains: takes no new calls' : 'takes calls again')
      if (on) rooms.refuse()
      else rooms.accept()
      await refresh()
      if (draining) void handOver(draining.signal)
    },
    close() {
      draining?.abort()
    },
  }
}
