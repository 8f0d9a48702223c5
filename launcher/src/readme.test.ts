import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { settingsTable, withSettingsTable } from './readme.ts'
import { rootDir } from './root.ts'

test('the README shows every setting as it is declared', async () => {
  const readme = await readFile(join(rootDir, 'README.md'), 'utf8')
  expect(readme, 'run `npx pnpm readme`').toBe(withSettingsTable(readme))
  expect(settingsTable()).toContain('| `PORT` | `3000` | port the server listens on |')
})
