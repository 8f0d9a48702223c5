import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, expect, test, vi } from 'vitest'
import { type SupervisedChild, supervise } from './supervise.ts'

const script = join(import.meta.dirname, 'fixtures', 'child.ts')
const quick = { firstPause: 20, longestPause: 80, settled: 60_000, stop: 300, start: 5_000 }

const started: SupervisedChild[] = []
afterEach(async () => {
  await Promise.all(started.splice(0).map((child) => child.stop()))
})

async function begin(behave: string, more: { patience?: Partial<typeof quick> } = {}) {
  const lines: string[] = []
  const events: string[] = []
  const child = await supervise(
    {
      name: 'server',
      script,
      env: { ...process.env, BEHAVE: behave },
      onLine: (line) => lines.push(line),
      onEvent: (sentence) => events.push(sentence),
      logFile: '/data/log/server.log',
    },
    { ...quick, ...more.patience },
  )
  started.push(child)
  return { child, lines, events }
}

/** Running, and not merely waiting for somebody to take note of its end. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

test('starts a child and stops it in peace', async () => {
  const { child, lines } = await begin('good')
  await child.stop()
  await child.stop()
  expect(lines.at(-1)).toBe('stopping')
  expect(child.pid).toBeUndefined()
})

test('starts again one that was killed, and says so', async () => {
  const { child, events } = await begin('good')
  const before = child.pid
  await child.kill('SIGKILL')
  await child.ready()
  expect(child.pid).not.toBe(before)
  await vi.waitFor(
    () =>
      expect(events).toEqual([
        'The server stopped (signal SIGKILL) and is started again in 0 s.',
        'The server is running again.',
      ]),
    { timeout: 15_000 },
  )
})

test('waits longer each time, up to a bound', async () => {
  const patience = { firstPause: 100, longestPause: 300 }
  const { events } = await begin('short', { patience })
  const pauses = () =>
    events.flatMap((event) => event.match(/\(exit code 3\).* in ([\d.]+) s/)?.[1] ?? [])
  await vi.waitFor(() => expect(pauses().slice(0, 4)).toEqual(['0.1', '0.2', '0.3', '0.3']), {
    timeout: 15_000,
  })
})

test('forgets the pauses of a child that lived long', async () => {
  const { events } = await begin('short', {
    patience: { firstPause: 100, longestPause: 1000, settled: 10 },
  })
  await vi.waitFor(() => expect(events.length).toBeGreaterThan(4), { timeout: 15_000 })
  expect(
    events.filter((event) => event.includes('stopped')).every((e) => e.includes('0.1 s')),
  ).toBe(true)
})

test('restarts in peace, without a word', async () => {
  const { child, lines, events } = await begin('good')
  const before = child.pid
  await child.restart()
  expect(child.pid).not.toBe(before)
  expect(lines).toContain('stopping')
  expect(events).toEqual([])
})

test('a child that can not start is not started again; its sentence is passed on', async () => {
  await expect(begin('fail')).rejects.toThrow(
    /^Port 3000 is taken: stop what uses it or set PORT to another\.$/,
  )
})

test('a crash at start is one sentence too', async () => {
  await expect(begin('crash')).rejects.toThrow(
    /^The server could not start \(exit code 1\): TypeError: a bug; its log is .*server\.log\.$/,
  )
})

test('a child that stays silent is given up', async () => {
  await expect(begin('silent', { patience: { start: 200 } })).rejects.toThrow(
    /did not become ready in 0.2 s/,
  )
})

test('kills one that does not listen', async () => {
  const { child } = await begin('stubborn')
  const pid = child.pid ?? 0
  await child.stop()
  expect(isAlive(pid)).toBe(false)
})

test('what a child had started ends with it', async () => {
  const { child, lines } = await begin('helper')
  await vi.waitFor(() => expect(lines[0]).toMatch(/^helper/), { timeout: 15_000 })
  const helper = Number(lines[0]?.split(' ')[1])
  expect(isAlive(helper)).toBe(true)
  await child.stop()
  await vi.waitFor(() => expect(isAlive(helper)).toBe(false), { timeout: 15_000 })
})

test('a killed launcher leaves no child behind', async () => {
  const parent = spawn(process.execPath, [join(import.meta.dirname, 'fixtures', 'parent.ts')])
  const [line] = await once(createInterface({ input: parent.stdout }), 'line')
  const pid = Number(line)
  expect(isAlive(pid)).toBe(true)
  parent.kill('SIGKILL')
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 15_000 })
})
