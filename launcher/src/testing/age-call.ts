import { redisKeys } from '@beseda/protocol/redis'
import { Redis } from 'ioredis'

/**
 * Make a call as old as if it had begun `ms` milliseconds earlier, so that the servers look at it now:
 * what a test does that would else wait for as long as a call rings.
 */
export async function ageCall(redisUrl: string, callId: string, ms: number): Promise<void> {
  const redis = new Redis(redisUrl)
  try {
    await redis
      .multi()
      .hincrby(redisKeys.call(callId), 'createdAt', -ms)
      .zincrby(redisKeys.callsDue, -ms, callId)
      .exec()
  } finally {
    redis.disconnect()
  }
}
