import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import type { BuildContext } from './build.ts'
import { workerRuns } from './check.ts'
import { findMediasoup, packageWorker } from './mediasoup-package.ts'
import { provideWorker } from './provide.ts'

let cache: string
let builds: number

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'beseda-cache-'))
  builds = 0
})

function script(path: string, exitCode: number): string {
  writeFileSync(path, `#!/bin/sh\nexit ${exitCode}\n`)
  chmodSync(path, 0o755)
  return path
}

async function fakeBuild({ workDir }: BuildContext): Promise<string> {
  builds += 1
  await new Promise((resolve) => setTimeout(resolve, 100))
  mkdirSync(join(workDir, 'out'))
  return script(join(workDir, 'out', 'mediasoup-worker'), 41)
}

const steps = {
  prebuilt: async () => undefined,
  prepare: async () => {},
  build: fakeBuild,
}
const provide = (env: NodeJS.ProcessEnv = {}, more: Partial<typeof steps> = {}) =>
  provideWorker({ env: { XDG_CACHE_HOME: cache, ...env }, steps: { ...steps, ...more } })

// A machine that can fetch the prebuilt one uses it before any cache.
const packageHasOne = existsSync(packageWorker(findMediasoup()))

test.each([
  [41, true],
  [0, false],
  [127, false],
])('a worker that exits with %i without its environment: runs = %s', async (code, runs) => {
  expect(await workerRuns(script(join(cache, 'worker'), code))).toBe(runs)
})

test('what is not there or not a program does not run', async () => {
  expect(await workerRuns(join(cache, 'none'))).toBe(false)
  writeFileSync(join(cache, 'cut short'), '\x7fELF')
  chmodSync(join(cache, 'cut short'), 0o755)
  expect(await workerRuns(join(cache, 'cut short'))).toBe(false)
})

test('MEDIASOUP_WORKER_BIN comes first', async () => {
  const path = script(join(cache, 'mine'), 41)
  expect(await provide({ MEDIASOUP_WORKER_BIN: path })).toEqual({ path, source: 'environment' })
})

test('a MEDIASOUP_WORKER_BIN that does not run is one sentence', async () => {
  await expect(provide({ MEDIASOUP_WORKER_BIN: '/nowhere' })).rejects.toThrow(
    /^MEDIASOUP_WORKER_BIN names \/nowhere, which is not .*leave it unset/,
  )
})

test.skipIf(packageHasOne)('two starts at the same time build it once', async () => {
  let fetches = 0
  const prebuilt = async () => {
    fetches += 1
    return undefined
  }
  const both = await Promise.all([provide({}, { prebuilt }), provide({}, { prebuilt })])
  expect({ fetches, builds }).toEqual({ fetches: 1, builds: 1 })
  expect(both.map(({ source }) => source).sort()).toEqual(['built', 'cache'])
  expect(both[0]?.path).toBe(both[1]?.path)
})

test.skipIf(packageHasOne)('a build that was killed leaves nothing behind', async () => {
  const left = join(cache, 'beseda', 'mediasoup-worker', '.building-dead')
  mkdirSync(left, { recursive: true })
  await provide()
  expect(existsSync(left)).toBe(false)
})

test.skipIf(packageHasOne)('one in the cache that no longer runs is built again', async () => {
  const { path } = await provide()
  script(path, 127)
  expect(await provide()).toEqual({ path, source: 'built' })
  expect(builds).toBe(2)
})

test.skipIf(packageHasOne)(
  'a build that fails leaves nothing behind and can be repeated',
  async () => {
    const build = () => Promise.reject(new Error('no compiler'))
    await expect(provide({}, { build })).rejects.toThrow('no compiler')
    expect(readdirSync(join(cache, 'beseda', 'mediasoup-worker'))).toEqual(['.lock'])
    expect((await provide()).source).toBe('built')
  },
)

test.skipIf(packageHasOne)('a cache that can not be written is one sentence', async () => {
  writeFileSync(join(cache, 'file'), '')
  await expect(provide({ XDG_CACHE_HOME: join(cache, 'file') })).rejects.toThrow(
    /can't be kept in .*set XDG_CACHE_HOME/,
  )
})
