import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'

const script = join(import.meta.dirname, 'fixtures', 'start.ts')
const dataDir = () => mkdtempSync(join(tmpdir(), 'beseda-start-'))
const free = { PORT: '0', SFU_PORT: '0', SFU_RTC_PORT: '0', SFU_WORKERS: '1' }

const running: ChildProcess[] = []
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
})

function start(env: NodeJS.ProcessEnv) {
  const args = ['--disable-warning=ExperimentalWarning', script]
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...free, DATA_DIR: dataDir(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.push(child)
  const seen = { out: '', err: '' }
  child.stdout.on('data', (data) => {
    seen.out += data
  })
  child.stderr.on('data', (data) => {
    seen.err += data
  })
  const exit = new Promise<number | null>((resolve) => child.on('close', resolve))
  const ready = () => vi.waitFor(() => expect(seen.out).toContain('ready'), { timeout: 15_000 })
  return { child, seen, exit, ready }
}

/** Processes that were started with this data folder, by what they run. */
function family(dir: string): string[] {
  const out: string[] = []
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`DATA_DIR=${dir}`)) continue
      out.push(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '))
    } catch {
      // Gone meanwhile.
    }
  }
  return out
}

test('says where it is ready, last of all', async () => {
  const { seen, ready } = start({})
  await ready()
  expect(seen.out).toMatch(/^Starting\nBeseda is ready: http:\/\/127\.0\.0\.1:\d+\n$/)
  expect(seen.err).toBe('')
})

test.each(['SIGINT', 'SIGTERM'] as const)('%s stops all of it, with code 0', async (signal) => {
  const DATA_DIR = dataDir()
  const { child, exit, ready } = start({ DATA_DIR })
  await ready()
  expect(family(DATA_DIR).length).toBe(3)
  child.kill(signal)
  // What npx and pnpm pass on right after is the same Ctrl-C.
  child.kill(signal)
  expect(await exit).toBe(0)
  expect(family(DATA_DIR)).toEqual([])
})

test('a second Ctrl-C kills at once', async () => {
  const DATA_DIR = dataDir()
  const { child, exit, ready } = start({ DATA_DIR, BEHAVE: 'stubborn' })
  await ready()
  child.kill('SIGINT')
  await new Promise((resolve) => setTimeout(resolve, 1100))
  child.kill('SIGINT')
  expect(await exit).toBe(1)
  await vi.waitFor(() => expect(family(DATA_DIR)).toEqual([]), { timeout: 15_000 })
})

test('killed, it leaves nothing running', async () => {
  const DATA_DIR = dataDir()
  const { child, exit, ready } = start({ DATA_DIR })
  await ready()
  child.kill('SIGKILL')
  await exit
  await vi.waitFor(() => expect(family(DATA_DIR)).toEqual([]), { timeout: 15_000 })
  // And the next start takes the folder over.
  await start({ DATA_DIR }).ready()
})

test('Ctrl-C before it is ready is no failure', async () => {
  const DATA_DIR = dataDir()
  const { child, seen, exit } = start({ DATA_DIR, BEHAVE: 'stubborn' })
  await vi.waitFor(() => expect(seen.out).toContain('Starting'), { timeout: 15_000, interval: 5 })
  child.kill('SIGINT')
  expect(await exit).toBe(0)
  await vi.waitFor(() => expect(family(DATA_DIR)).toEqual([]), { timeout: 15_000 })
})

test('what can not start is one sentence and code 1', async () => {
  const { seen, exit } = start({ PORT: 'many' })
  expect(await exit).toBe(1)
  expect(seen.err).toMatch(/^PORT is not valid: .*\.\n$/)
})

test('settings come from .env, the environment wins', async () => {
  const envFile = join(dataDir(), '.env')
  writeFileSync(envFile, 'SFU_WORKERS=none\nREGISTRATION=nobody\n')
  const { seen, exit } = start({ ENV_FILE: envFile })
  expect(await exit).toBe(1)
  expect(seen.err).toMatch(/^REGISTRATION is not valid/)
})
