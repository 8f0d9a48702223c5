import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lockDataDir } from './data-lock.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'beseda-lock-'))

test('lets one in, and the next after it', () => {
  const dir = folder()
  const release = lockDataDir(dir)
  expect(() => lockDataDir(dir)).toThrow(/already running on .* \(process \d+\): stop it first/)
  release()
  release()
  lockDataDir(dir)()
  expect(readdirSync(dir)).toEqual([])
})

test('takes over from a process that is gone', () => {
  const dir = folder()
  writeFileSync(join(dir, 'launcher.pid'), '4194303 12345\n')
  lockDataDir(dir)()
})

test('takes over when the number belongs to another process now', () => {
  const dir = folder()
  const other = spawn('sleep', ['30'])
  writeFileSync(join(dir, 'launcher.pid'), `${other.pid} 1\n`)
  const release = lockDataDir(dir)
  expect(existsSync(join(dir, 'launcher.pid'))).toBe(true)
  release()
  other.kill()
})
