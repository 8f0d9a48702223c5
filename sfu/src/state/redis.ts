import type { Settings } from '@beseda/protocol/settings'
import type { FastifyBaseLogger } from 'fastify'
import { Redis } from 'ioredis'
import { reasonOf, StartError } from '../start-error.ts'

export const redisSettingNames = [
  'REDIS_URL',
  'REDIS_HOST',
  'REDIS_PORT',
  'REDIS_PASSWORD',
] as const
export type RedisSettings = Settings<(typeof redisSettingNames)[number]>

/** Milliseconds that Redis may take for a command before it counts as away. */
const commandTimeout = 2_000

/**
 * Connect to Redis. A command fails at once while the connection is down, and
 * is never sent twice by itself: whoever asks decides what to do then.
 *
 * @throws StartError when Redis can't be reached
 */
export async function connectRedis(
  settings: RedisSettings,
  log: FastifyBaseLogger,
): Promise<Redis> {
  const redis = create(settings)
  let away = false
  let lastError: unknown
  redis.on('error', (error) => {
    lastError = error
    log.debug({ err: error }, 'redis failed')
  })
  redis.on('close', () => {
    if (!away) log.warn('redis is away')
    away = true
  })
  redis.on('ready', () => {
    if (away) log.info('redis is back')
    away = false
  })
  try {
    await redis.connect()
    return redis
  } catch (error) {
    redis.disconnect()
    throw new StartError(
      `Redis can't be reached at ${placeOf(settings)} (${reasonOf(lastError ?? error)}).`,
    )
  }
}

function create(settings: RedisSettings): Redis {
  const options = {
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    commandTimeout,
    connectTimeout: 5_000,
    retryStrategy: (times: number) => Math.min(100 * times, 2_000),
  }
  if (settings.REDIS_URL !== undefined) return new Redis(settings.REDIS_URL, options)
  if (settings.REDIS_HOST === undefined) {
    throw new StartError('REDIS_URL or REDIS_HOST must be set: the SFU needs Redis.')
  }
  return new Redis({
    ...options,
    host: settings.REDIS_HOST,
    port: settings.REDIS_PORT,
    ...(settings.REDIS_PASSWORD === undefined ? {} : { password: settings.REDIS_PASSWORD }),
  })
}

/** Host and port only: a URL may hold a password. */
function placeOf({ REDIS_URL, REDIS_HOST, REDIS_PORT }: RedisSettings): string {
  return REDIS_URL === undefined ? `${REDIS_HOST}:${REDIS_PORT}` : new URL(REDIS_URL).host
}
