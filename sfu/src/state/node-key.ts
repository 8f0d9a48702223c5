import {
  redisKeys,
  type SfuNode,
  sfuNodeRefreshMs,
  sfuNodeTtlSeconds,
} from '@beseda/protocol/redis'
import type { FastifyBaseLogger } from 'fastify'
import type { Redis } from 'ioredis'

/** The key by which servers find this node. */
export type NodeKey = {
  /** Write it now, because something in it changed. Never rejects. */
  refresh(): Promise<void>
  /** Stop writing it and take it away. */
  close(): Promise<void>
}

/** Write the key and keep it fresh; it expires by itself when the process dies. */
export async function keepNodeKey(
  redis: Redis,
  describe: () => SfuNode,
  log: FastifyBaseLogger,
): Promise<NodeKey> {
  const key = redisKeys.sfuNode(describe().node)
  const write = () => redis.set(key, JSON.stringify(describe()), 'EX', sfuNodeTtlSeconds)

  async function refresh(): Promise<void> {
    try {
      await write()
    } catch (error) {
      log.debug({ err: error }, 'the node key is not refreshed')
    }
  }

  await write()
  const timer = setInterval(refresh, sfuNodeRefreshMs)
  redis.on('ready', refresh)
  return {
    refresh,
    async close() {
      clearInterval(timer)
      redis.off('ready', refresh)
      await redis.del(key).catch(() => undefined)
    },
  }
}
