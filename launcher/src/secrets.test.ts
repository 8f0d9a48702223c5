import { chmodSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { provideSecrets } from './secrets.ts'

let dataDir: string
beforeEach(() => {
  dataDir = join(mkdtempSync(join(tmpdir(), 'beseda-secrets-')), 'data')
})

const mode = (path: string) => (statSync(path).mode & 0o777).toString(8)

test('are made once and kept for their owner only', () => {
  const first = provideSecrets(dataDir, {})
  expect(first.JWT_SECRET.length).toBeGreaterThanOrEqual(32)
  expect(first.CALL_TOKEN_SECRET).not.toBe(first.JWT_SECRET)
  expect(provideSecrets(dataDir, {})).toEqual(first)
  expect(mode(dataDir)).toBe('700')
  expect(mode(join(dataDir, 'secrets.json'))).toBe('600')
  expect(readdirSync(dataDir)).toEqual(['secrets.json'])
})

test('closes a data folder that others could read', () => {
  provideSecrets(dataDir, {})
  chmodSync(dataDir, 0o755)
  provideSecrets(dataDir, {})
  expect(mode(dataDir)).toBe('700')
})

test('come from the environment where it has them', () => {
  const mine = 'x'.repeat(32)
  const secrets = provideSecrets(dataDir, { JWT_SECRET: mine })
  expect(secrets.JWT_SECRET).toBe(mine)
  expect(readFileSync(join(dataDir, 'secrets.json'), 'utf8')).toContain(secrets.CALL_TOKEN_SECRET)
})

test('must be set in production', () => {
  const env = { NODE_ENV: 'production', JWT_SECRET: 'x'.repeat(32) }
  expect(() => provideSecrets(dataDir, env)).toThrow(/^In production CALL_TOKEN_SECRET must be set/)
})

test('a broken file is said so and left alone', () => {
  provideSecrets(dataDir, {})
  const path = join(dataDir, 'secrets.json')
  writeFileSync(path, '{"JWT_SECRET":"short"}')
  expect(() => provideSecrets(dataDir, {})).toThrow(/can't be used .*restore the file/)
  expect(readFileSync(path, 'utf8')).toBe('{"JWT_SECRET":"short"}')
})
