import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { buildApp } from '../app.ts'
import type { App } from '../http/app-type.ts'
import { buildServices, type Services } from '../services.ts'
import { readServerSettings } from '../settings.ts'
import { openTestDatabase } from './database.ts'
import { type Person, signUp } from './person.ts'

/** One server of a test. */
export type TestServer = {
  app: App
  services: Services
  /** `http://127.0.0.1:…`, where it listens. */
  url: string
  close: () => Promise<void>
}

/** What a test file drives: servers that share one database and one Redis. */
export type TestHouse = {
  first: TestServer
  /** Start one more server. */
  another: () => Promise<TestServer>
  /** Make an account, on the first server unless another is given. */
  person: (displayName?: string, server?: TestServer) => Promise<Person>
  close: () => Promise<void>
}

/** Where this worker of Vitest finds an empty Redis. */
export function testRedisUrl(): string {
  const url = process.env.TEST_REDIS_URL
  if (!url) throw new Error('TEST_REDIS_URL is not set')
  return new URL(`/${process.env.VITEST_POOL_ID ?? 0}`, url).href
}

/** Open a house on a fresh database and an emptied Redis. */
export async function openTestHouse(
  environment: Record<string, string> = {},
  log?: Logger,
): Promise<TestHouse> {
  await emptyRedis()
  const database = await openTestDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'beseda-test-data-'))
  const settings = readServerSettings({
    NODE_ENV: 'test',
    REDIS_URL: testRedisUrl(),
    DATA_DIR: dataDir,
    JWT_SECRET: 'a secret for access tokens, of tests only',
    CALL_TOKEN_SECRET: 'a secret for call tokens, of tests only',
    RATE_LIMITS: 'off',
    LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
    ...environment,
  })
  const servers: TestServer[] = []

  async function another(): Promise<TestServer> {
    const open = async () => ({ db: database.db, close: async () => {} })
    const services = await buildServices(settings, open, log)
    const app = await buildApp(services)
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    const close = () => app.close().then(services.close)
    const server = { app, services, url, close }
    servers.push(server)
    return server
  }

  const first = await another()
  return {
    first,
    another,
    person: (displayName, server = first) => signUp(server, displayName),
    async close() {
      for (const server of servers) await server.close()
      await database.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

async function emptyRedis() {
  const redis = new Redis(testRedisUrl())
  await redis.flushdb()
  await redis.quit()
}
