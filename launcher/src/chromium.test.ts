import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findChromium, provideChromium } from './chromium.ts'

function folderWith(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'beseda-chromium-'))
  writeFileSync(join(folder, name), '')
  chmodSync(join(folder, name), 0o755)
  return folder
}

test.each(['chromium', 'chromium-browser', 'google-chrome'])('finds %s', (name) => {
  const folder = folderWith(name)
  const found = findChromium({ PATH: `/nowhere:${folder}` })
  // One in /usr/bin may come before, by its name.
  expect([join(folder, name), '/usr/bin/chromium', '/usr/bin/chromium-browser']).toContain(found)
})

test('CHROMIUM_BIN comes first', async () => {
  const path = join(folderWith('mine'), 'mine')
  expect(await provideChromium({ CHROMIUM_BIN: path, PATH: folderWith('chromium') })).toBe(path)
})

test('a CHROMIUM_BIN that is no program is one sentence', async () => {
  await expect(provideChromium({ CHROMIUM_BIN: '/nowhere' })).rejects.toThrow(
    /^CHROMIUM_BIN names \/nowhere, which is no program: correct it/,
  )
})
