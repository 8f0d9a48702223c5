import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { pino } from 'pino'
import { defaultTimes, type Sfu, type SfuSettings, startSfu, type Times } from '../build.ts'

export const callTokenSecret = 'a secret that only tests use, 32 characters'

/** A node of its own for a test file: real workers, real Redis, ports that are free. */
export async function startTestSfu(
  overrides: Partial<SfuSettings> = {},
  times: Partial<Times> = {},
): Promise<Sfu> {
  const settings: SfuSettings = {
    NODE_ENV: 'test',
    SFU_HOST: '127.0.0.1',
    SFU_PORT: 0,
    SFU_PUBLIC_URL: undefined,
    SFU_ANNOUNCED_ADDRESS: undefined,
    SFU_RTC_PORT: await freePort(),
    SFU_WORKERS: 1,
    SFU_DRAIN_SECONDS: 0,
    CALL_TOKEN_SECRET: callTokenSecret,
    MEDIASOUP_WORKER_BIN: process.env.MEDIASOUP_WORKER_BIN,
    SFU_METRICS_PORT: undefined,
    METRICS_HOST: '127.0.0.1',
    LOG_LEVEL: 'silent',
    REDIS_URL: testRedisUrl(),
    REDIS_HOST: undefined,
    REDIS_PORT: 6379,
    REDIS_PASSWORD: undefined,
    ...overrides,
  }
  const log = pino({ level: process.env.TEST_LOG_LEVEL ?? 'silent' })
  return startSfu(settings, log, { ...defaultTimes, ...times })
}

/** The Redis that the global setup brought. */
export function testRedisUrl(): string {
  const url = process.env.TEST_REDIS_URL
  if (url === undefined) throw new Error('TEST_REDIS_URL is not set')
  return url
}

/** A port on loopback that nobody has, below those that the system gives to whoever connects. */
export async function freePort(): Promise<number> {
  const port = 10_000 + Math.floor(Math.random() * 20_000)
  const server = createServer().listen(port, '127.0.0.1')
  const socket = createSocket('udp4').bind({ port, address: '127.0.0.1', exclusive: true })
  try {
    await Promise.all([once(server, 'listening'), once(socket, 'listening')])
    return port
  } catch {
    return freePort()
  } finally {
    await new Promise<void>((resolve) => server.close(() => resolve()))
    await new Promise<void>((resolve) => socket.close(resolve))
  }
}
