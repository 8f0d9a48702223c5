import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { envExample, settingsTables, withSettingsTables } from './readme.ts'
import { rootDir } from './root.ts'

test('the README shows every setting as it is declared', async () => {
  const readme = await readFile(join(rootDir, 'README.md'), 'utf8')
  expect(readme, 'run `npx pnpm readme`').toBe(withSettingsTables(readme))
  expect(settingsTables()).toContain('| `PORT` | `3000` | port the server listens on |')
})

test('.env.example shows them too, and sets none', async () => {
  const example = await readFile(join(rootDir, '.env.example'), 'utf8')
  expect(example, 'run `npx pnpm readme`').toBe(envExample())
  expect(example).not.toMatch(/^\w/m)
})
