import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { rootDir } from '../root.ts'

const documents = globSync('docs/*.md', { cwd: rootDir }).filter((path) => !path.endsWith('MAP.md'))
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(rootDir, 'package.json'), 'utf8')))

test.each(documents)('%s names files, links and commands that there are', (path) => {
  const text = readFileSync(join(rootDir, path), 'utf8')
  const file =
    /\b(?:protocol|client|server|sfu|web|launcher|deploy)\/[\w./-]*\w\.(?:tsx?|sh|ya?ml|conf|cfg|service)\b/g
  for (const [name] of text.matchAll(file)) {
    expect(existsSync(join(rootDir, name)), name).toBe(true)
  }
  for (const [, link = ''] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
    expect(existsSync(join(rootDir, dirname(path), link)), link).toBe(true)
  }
  for (const [, command = ''] of text.matchAll(/npx (?:-y )?pnpm (?:-s )?(?:run )?([\w-]+)/g)) {
    expect({ ...scripts, install: '', audit: '' }, command).toHaveProperty(command)
  }
})

test('every row of the defences names a test, or says that there is none', () => {
  const text = readFileSync(join(rootDir, 'docs/security.md'), 'utf8')
  const tables = text.slice(text.indexOf('## Defences'), text.indexOf('## Dependency audit'))
  const rows = [...tables.matchAll(/^\| (?!defence|---)(.*) \| (.*) \|$/gm)]
  expect(rows.length).toBeGreaterThan(25)
  for (const [, defence, held] of rows) {
    expect(held, defence).toMatch(/\.test\.ts`|no test|there is none/)
  }
})
