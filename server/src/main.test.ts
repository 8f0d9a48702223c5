import { type ChildProcess, fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testRedisUrl } from './testing/app.ts'

let dataDir: string
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'beseda-test-main-'))
})
afterAll(() => rm(dataDir, { recursive: true, force: true }))

/** Start the server process as the launcher does. */
function start(environment: Record<string, string>) {
  const child = fork(join(import.meta.dirname, 'main.ts'), {
    silent: true,
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      DATA_DIR: dataDir,
      REDIS_URL: testRedisUrl(),
      JWT_SECRET: 'a secret for access tokens, of tests only',
      CALL_TOKEN_SECRET: 'a secret for call tokens, of tests only',
      LOG_LEVEL: 'warn',
      ...environment,
    },
  })
  // Node gives no `close` to a parent that has let go of the channel.
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const ended = Promise.all([exited, child.stderr ? text(child.stderr) : '']).then(
    ([code, stderr]) => ({ code, stderr }),
  )
  return { child, ended }
}

const ready = (child: ChildProcess) =>
  new Promise((resolve) => child.once('message', (message) => resolve(message)))

describe('the server process', () => {
  test.each<[string, (child: ChildProcess) => void]>([
    ['SIGTERM', (child) => child.kill('SIGTERM')],
    ['the end of its parent', (child) => child.disconnect()],
  ])(
    'says when it is ready and stops in order at %s',
    async (_name, stop) => {
      const { child, ended } = start({})
      expect(await ready(child)).toEqual({ type: 'ready' })
      stop(child)
      expect(await ended).toEqual({ code: 0, stderr: '' })
    },
    60_000,
  )

  test.each<[string, Record<string, string>, RegExp]>([
    ['a malformed setting', { PORT: 'http' }, /^PORT is not valid: .*\n$/],
    ['no secret', { JWT_SECRET: '' }, /^JWT_SECRET is not set.*\n$/],
    ['no Redis', { REDIS_URL: 'redis://127.0.0.1:1' }, /^Redis can not be reached.*\n$/],
    [
      'no database',
      { DATABASE_URL: 'postgres://127.0.0.1:1/x' },
      /^The database can not be used.*\n$/,
    ],
    ['a folder that can not be', { DATA_DIR: '/dev/null/x' }, /^The embedded database in .*\n$/],
  ])(
    'says in one sentence that there is %s',
    async (_name, environment, sentence) => {
      const { code, stderr } = await start({ LOG_LEVEL: 'silent', ...environment }).ended
      expect(code).toBe(1)
      expect(stderr).toMatch(sentence)
    },
    60_000,
  )

  test('says that its port is taken', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const address = other.address()
    const port = typeof address === 'object' && address ? String(address.port) : ''
    const { code, stderr } = await start({ PORT: port }).ended
    other.close()
    expect(code).toBe(1)
    expect(stderr).toMatch(new RegExp(`^Port ${port} on 127.0.0.1 is taken.*\n$`))
  }, 60_000)
})
