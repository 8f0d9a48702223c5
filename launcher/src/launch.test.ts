import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterEach, expect, test, vi } from 'vitest'
import { type Launched, launch } from './launch.ts'

const fixtures = join(import.meta.dirname, 'fixtures')
const scripts = { server: join(fixtures, 'server.ts'), sfu: join(fixtures, 'sfu.ts') }

const running: Launched[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((launched) => launched.close()))
})

async function begin(env: NodeJS.ProcessEnv = {}, run = scripts): Promise<Launched> {
  const launched = await launch({
    env: {
      PATH: process.env.PATH,
      MEDIASOUP_WORKER_BIN: process.env.MEDIASOUP_WORKER_BIN,
      DATA_DIR: mkdtempSync(join(tmpdir(), 'beseda-launch-')),
      PORT: '0',
      SFU_PORT: '0',
      SFU_RTC_PORT: '0',
      SFU_WORKERS: '1',
      ...env,
    },
    scripts: run,
    quiet: true,
    withoutWeb: true,
  })
  running.push(launched)
  return launched
}

async function ask(url: string): Promise<Record<string, string>> {
  return JSON.parse(await (await fetch(url.replace(/^ws/, 'http'))).text())
}

test('server and SFU find each other, Redis and secrets', async () => {
  const { url, sfuUrl, redisUrl, dataDir } = await begin()
  const [server, sfu] = [await ask(url), await ask(sfuUrl)]
  expect(server).toMatchObject({ REDIS_URL: redisUrl, DATA_DIR: dataDir })
  expect(server.CALL_TOKEN_SECRET).toBe(sfu.CALL_TOKEN_SECRET)
  expect(Number(sfu.SFU_RTC_PORT)).toBeGreaterThan(0)
  const redis = new Redis(redisUrl)
  expect(await redis.ping()).toBe('PONG')
  redis.disconnect()
})

test('one that is killed comes back, one that is restarted too', async () => {
  const { processes, url, sfuUrl } = await begin()
  await processes.sfu.kill()
  await expect(ask(sfuUrl)).rejects.toThrow()
  await processes.sfu.ready()
  await ask(sfuUrl)
  const before = processes.server.pid
  await processes.server.restart()
  await ask(url)
  expect(processes.server.pid).not.toBe(before)
})

test('stops everything in order and leaves the data folder free', async () => {
  const { close, dataDir, redisUrl, processes } = await begin()
  await close()
  await close()
  expect([processes.server.pid, processes.sfu.pid]).toEqual([undefined, undefined])
  const redis = new Redis(redisUrl, { retryStrategy: () => null })
  redis.on('error', () => {})
  await expect(redis.ping()).rejects.toThrow()
  const stoppedAt = (name: string): number =>
    JSON.parse(readFileSync(join(dataDir, 'log', `${name}.log`), 'utf8').trim()).time
  expect(stoppedAt('server')).toBeLessThanOrEqual(stoppedAt('sfu'))
  expect(existsSync(join(dataDir, 'launcher.pid'))).toBe(false)
})

test('a second one on the same data is refused', async () => {
  const { dataDir } = await begin()
  await expect(begin({ DATA_DIR: dataDir })).rejects.toThrow(/already running/)
})

test('what can not start is one sentence, and nothing is left running', async () => {
  const DATA_DIR = mkdtempSync(join(tmpdir(), 'beseda-launch-'))
  await expect(begin({ DATA_DIR, FAIL_APP: '1' })).rejects.toThrow(
    /^Postgres at db.example does not answer: start it or correct DATABASE_URL\.$/,
  )
  await begin({ DATA_DIR })
})

test('when one can not start, nobody waits for the other', async () => {
  const mixed = { server: scripts.server, sfu: join(fixtures, 'child.ts') }
  const startedAt = Date.now()
  await expect(begin({ FAIL_APP: '1', BEHAVE: 'silent' }, mixed)).rejects.toThrow(/^Postgres/)
  expect(Date.now() - startedAt).toBeLessThan(15_000)
})

test('a port that is taken is one sentence', async () => {
  const other = createServer()
  const port = await new Promise<number>((resolve) => {
    other.listen(0, '127.0.0.1', () => {
      const address = other.address()
      resolve(typeof address === 'object' && address ? address.port : 0)
    })
  })
  for (const name of ['PORT', 'SFU_PORT', 'SFU_RTC_PORT']) {
    await expect(begin({ [name]: `${port}` })).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is taken: stop what uses it (another Beseda?) or set ${name} to another port.`,
    )
  }
  other.close()
})

test.each([
  [{ PORT: 'many' }, /^PORT is not valid/],
  [{ SFU_RTC_PORT: '70000' }, /^SFU_RTC_PORT is not valid/],
  [{ DATABASE_URL: 'mysql://x' }, /^DATABASE_URL is not valid/],
  [{ JWT_SECRET: 'short' }, /^JWT_SECRET is not valid/],
  [{ HOST: '203.0.113.1' }, /is no address of this machine: correct HOST/],
  [{ NODE_ENV: 'production' }, /^In production JWT_SECRET and CALL_TOKEN_SECRET must be set/],
  [
    { REDIS_URL: 'redis://:hush@127.0.0.1:1' },
    /^Redis at 127.0.0.1:1 can't be used .*correct REDIS_URL/,
  ],
  [{ DATA_DIR: '/dev/null/x' }, /^The data folder .* can't be written/],
])('%j is one sentence', async (env, sentence) => {
  const problem: Error = await begin(env).then(
    () => new Error('started'),
    (error) => error,
  )
  expect(problem.message).toMatch(sentence)
  expect(problem.message).not.toContain('hush')
  expect(problem.message).not.toContain('\n')
})

test('a start can be given up', async () => {
  const giveUp = new AbortController()
  const dataDir = mkdtempSync(join(tmpdir(), 'beseda-launch-'))
  const starting = launch({
    env: {
      ...process.env,
      DATA_DIR: dataDir,
      PORT: '0',
      SFU_PORT: '0',
      SFU_RTC_PORT: '0',
      BEHAVE: 'silent',
    },
    scripts: { server: join(fixtures, 'child.ts'), sfu: join(fixtures, 'child.ts') },
    quiet: true,
    withoutWeb: true,
    signal: giveUp.signal,
  })
  starting.catch(() => {})
  await vi.waitFor(() => expect(existsSync(join(dataDir, 'log', 'sfu.log'))).toBe(true), {
    timeout: 15_000,
  })
  giveUp.abort()
  await expect(starting).rejects.toThrow(/given up/)
  expect(existsSync(join(dataDir, 'launcher.pid'))).toBe(false)
})
