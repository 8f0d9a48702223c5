import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { rootDir } from '../root.ts'

const documents = ['docs/security.md', 'docs/hosting.md', 'docs/metrics.md']

test.each(documents)('%s names files that are there', (path) => {
  const text = readFileSync(join(rootDir, path), 'utf8')
  const named = [...text.matchAll(/`([\w@.-]+(?:\/[\w.-]+)+\.(?:ts|md|yml|sh|cfg|conf|service))`/g)]
  for (const [, file = ''] of named) expect(existsSync(join(rootDir, file)), file).toBe(true)
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
  for (const [, file = ''] of links) {
    expect(existsSync(join(rootDir, dirname(path), file)), file).toBe(true)
  }
  expect(named.length + links.length).toBeGreaterThan(0)
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
