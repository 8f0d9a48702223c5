import { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { StartError } from '../errors.ts'
import type { ServerSettings } from '../settings.ts'

/**
 * Connect to Redis.
 *
 * @throws StartError when it can't be reached
 */
export async function openRedis(settings: ServerSettings, log: Logger): Promise<Redis> {
  const redis = new Redis(redisUrl(settings), {
    lazyConnect: true,
    // A command waits for one reconnection, so that a request never hangs for long.
    maxRetriesPerRequest: 1,
    retryStrategy: (times) => Math.min(times * 100, 2_000),
  })
  let lastError = 'no answer'
  redis.on('error', (err) => {
    lastError = err.message
    log.warn({ err }, 'Redis connection failed')
  })
  try {
    await redis.connect()
    return redis
  } catch {
    redis.disconnect()
    throw new StartError(
      `Redis can not be reached (${lastError}): start it, or correct REDIS_URL or REDIS_HOST, REDIS_PORT and REDIS_PASSWORD.`,
    )
  }
}

function redisUrl(settings: ServerSettings): string {
  const { REDIS_URL, REDIS_HOST, REDIS_PORT, REDIS_PASSWORD } = settings
  if (REDIS_URL !== undefined) return REDIS_URL
  if (REDIS_HOST === undefined) {
    throw new StartError(
      'REDIS_URL is not set: start Beseda with `npx pnpm start`, or name a Redis.',
    )
  }
  const password = REDIS_PASSWORD === undefined ? '' : `:${encodeURIComponent(REDIS_PASSWORD)}@`
  return `redis://${password}${REDIS_HOST}:${REDIS_PORT}`
}
