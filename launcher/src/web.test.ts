import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { provideWeb } from './web.ts'

let root: string
let builds: number

beforeEach(() => {
  builds = 0
  root = mkdtempSync(join(tmpdir(), 'beseda-web-'))
  for (const folder of ['web/src', 'web/e2e', 'client/src', 'protocol/src', 'server/src']) {
    mkdirSync(join(root, folder), { recursive: true })
    writeFileSync(join(root, folder, 'main.ts'), folder)
  }
  writeFileSync(join(root, 'web/index.html'), '<!doctype html>')
  writeFileSync(join(root, 'pnpm-lock.yaml'), '')
})

async function build(_: string, outDir: string): Promise<void> {
  builds += 1
  await new Promise((resolve) => setTimeout(resolve, 50))
  mkdirSync(outDir)
  writeFileSync(join(outDir, 'index.html'), `page ${builds}`)
}

const provide = () => provideWeb({ root, build })
const page = () => readFileSync(join(root, 'web/dist/index.html'), 'utf8')

test('builds the page once', async () => {
  expect(await provide()).toBe(join(root, 'web/dist'))
  await provide()
  expect(builds).toBe(1)
  expect(page()).toBe('page 1')
})

test.each(['web/src/main.ts', 'client/src/main.ts', 'protocol/src/new.ts', 'pnpm-lock.yaml'])(
  'builds it again when %s changes',
  async (path) => {
    await provide()
    writeFileSync(join(root, path), 'changed')
    await provide()
    expect(page()).toBe('page 2')
    expect(readdirSync(join(root, 'web/node_modules/.beseda'))).toEqual(['lock'])
  },
)

test.each(['web/e2e/main.ts', 'server/src/main.ts', 'web/src/a.test.ts'])(
  'leaves it when %s changes',
  async (path) => {
    await provide()
    writeFileSync(join(root, path), 'changed')
    await provide()
    expect(builds).toBe(1)
  },
)

test('two starts build it once', async () => {
  await Promise.all([provide(), provide()])
  expect(builds).toBe(1)
})

test('keeps the old page when the new one fails', async () => {
  await provide()
  writeFileSync(join(root, 'web/src/main.ts'), 'broken')
  const failing = provideWeb({ root, build: () => Promise.reject(new Error('syntax')) })
  await expect(failing).rejects.toThrow('syntax')
  expect(page()).toBe('page 1')
})

test('there may be no page yet', async () => {
  expect(await provideWeb({ root: tmpdir(), build })).toBeUndefined()
})
