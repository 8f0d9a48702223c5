import { Redis } from 'ioredis'
import { messageOf, StartError } from './start-error.ts'
import { startValkey } from './valkey.ts'

export type ProvidedRedis = { url: string; close(): Promise<void> }

export type RedisSettings = {
  REDIS_URL?: string | undefined
  REDIS_HOST?: string | undefined
  REDIS_PORT: number
  REDIS_PASSWORD?: string | undefined
}

/**
 * The Redis that the settings name, once it has answered, else a Valkey in this
 * process.
 *
 * @throws StartError when the one that is named does not answer
 */
export async function provideRedis(settings: RedisSettings): Promise<ProvidedRedis> {
  const url = settings.REDIS_URL ?? urlOfParts(settings)
  if (url === undefined) return startValkey()
  await requireAnswer(url)
  return { url, close: async () => {} }
}

/** `redis://` of host, port and password; nothing without a host. */
export function urlOfParts(settings: RedisSettings): string | undefined {
  if (settings.REDIS_HOST === undefined) return undefined
  const password = settings.REDIS_PASSWORD
  const auth = password === undefined ? '' : `:${encodeURIComponent(password)}@`
  const host = settings.REDIS_HOST
  return `redis://${auth}${host.includes(':') ? `[${host}]` : host}:${settings.REDIS_PORT}`
}

async function requireAnswer(url: string): Promise<void> {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 5000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  let cause: unknown
  client.on('error', (error) => {
    cause = error
  })
  try {
    await client.connect()
    await client.ping()
  } catch (error) {
    const { host } = new URL(url)
    throw new StartError(
      `Redis at ${host} can't be used (${messageOf(cause ?? error)}): start it or correct REDIS_URL (or REDIS_HOST, REDIS_PORT, REDIS_PASSWORD), or leave them unset to use the embedded one.`,
    )
  } finally {
    client.disconnect()
  }
}
