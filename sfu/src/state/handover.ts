import { setTimeout as sleep } from 'node:timers/promises'
import { redisKeys, sfuNodeSchema, sfuWakeChannel } from '@beseda/protocol/redis'
import type { FastifyBaseLogger } from 'fastify'
import type { Redis } from 'ioredis'
import type { Rooms } from '../rooms/rooms.ts'
import type { NodeKey } from './node-key.ts'

export type HandoverOptions = {
  redis: Redis
  node: string
  rooms: Rooms
  nodeKey: NodeKey
  /** Milliseconds that calls may go on here while nobody else can take them. */
  patience: number
  /** Milliseconds between two looks for another node. */
  interval: number
  log: FastifyBaseLogger
}

/**
 * Take no new calls, and resolve when those that are on can be let go: as soon as another node is
 * there to take them, when they have ended, or when patience is over.
 */
export async function handOver(options: HandoverOptions): Promise<void> {
  const { redis, node, rooms, nodeKey, patience, interval, log } = options
  rooms.refuse()
  await nodeKey.refresh()
  const deadline = performance.now() + patience
  while (rooms.all.length > 0 && performance.now() < deadline) {
    const other = await findOther(redis, node).catch(() => false)
    if (other) return
    log.info({ calls: rooms.all.length }, 'calls go on here until another node is up, or they end')
    await sleep(Math.min(interval, Math.max(0, deadline - performance.now())))
  }
}

/** Whether another node is there that takes calls. */
export async function findOther(redis: Redis, self: string): Promise<boolean> {
  for await (const keys of redis.scanStream({ match: redisKeys.sfuNode('*'), count: 1000 })) {
    const texts: (string | null)[] = keys.length === 0 ? [] : await redis.mget(keys)
    for (const text of texts) {
      const { data } = sfuNodeSchema.safeParse(text === null ? null : JSON.parse(text))
      if (!data || data.node === self || data.draining) continue
      const [, count] = await redis.pubsub('NUMSUB', sfuWakeChannel(data.node))
      if (Number(count) > 0) return true
    }
  }
  return false
}
