import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Launched, launch } from './launch.ts'

let beseda: Launched
beforeAll(async () => {
  beseda = await launch({
    env: {
      ...process.env,
      DATA_DIR: mkdtempSync(join(tmpdir(), 'beseda-real-')),
      PORT: '0',
      SFU_PORT: '0',
      SFU_RTC_PORT: '0',
      SFU_WORKERS: '1',
    },
    quiet: true,
    withoutWeb: true,
  })
})
afterAll(() => beseda.close())

/** The server is ready only with its database, Redis and a live SFU. */
function everythingIsReady(): Promise<void> {
  return vi.waitFor(async () => expect((await fetch(`${beseda.url}/readyz`)).status).toBe(200), {
    timeout: 15_000,
    interval: 100,
  })
}

function children(pid: number | undefined): number[] {
  const out = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)]).toString()
  return out.trim().split(/\s+/).map(Number)
}

test('server and SFU run and see each other', everythingIsReady)

test('the SFU comes back after a crash, its old workers are gone', async () => {
  const workers = children(beseda.processes.sfu.pid)
  expect(workers.length).toBe(1)
  await beseda.processes.sfu.kill('SIGKILL')
  await beseda.processes.sfu.ready()
  await vi.waitFor(
    () => {
      for (const worker of workers) expect(() => process.kill(worker, 0)).toThrow()
    },
    { timeout: 15_000 },
  )
  await everythingIsReady()
})

test('the server comes back after a restart', async () => {
  await beseda.processes.server.restart()
  await everythingIsReady()
})

test('all of it stops before it would be killed', async () => {
  const startedAt = Date.now()
  await beseda.close()
  expect(Date.now() - startedAt).toBeLessThan(10_000)
})
