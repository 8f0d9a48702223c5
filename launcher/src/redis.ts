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
  try {
    await askOnce(url, (client) => client.ping())
  } catch (error) {
    const { host } = new URL(url)
    throw new StartError(
      `Redis at ${host} can't be used (${messageOf(error)}): start it or correct REDIS_URL (or REDIS_HOST, REDIS_PORT, REDIS_PASSWORD), or leave them unset to use the embedded one.`,
    )
  }
}

/**
 * Connect to the Redis at `url`, ask it something, and part.
 *
 * @throws what kept it from answering within five seconds
 */
export async function askOnce<Answer>(
  url: string,
  ask: (client: Redis) => Promise<Answer>,
): Promise<Answer> {
  const client = new Redis(url, {
    lazyConnect: true,
    // One that is too old knows no other, and is to say so itself.
    protocol: 2,
    connectTimeout: 5_000,
    commandTimeout: 5_000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  // What a command fails with is only that the connection is gone.
  let cause: unknown
  client.on('error', (error) => {
    cause = error
  })
  try {
    await client.connect()
    return await ask(client)
  } catch (error) {
    throw cause ?? error
  } finally {
    client.disconnect()
  }
}
