import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { applyEdit } from './edits.ts'
import { findMediasoup } from './mediasoup-package.ts'
import { edits } from './recipe.ts'

const edit = { file: 'a.cpp', from: 'old()', to: 'new($&)' }

test('changes the one place', () => {
  expect(applyEdit('x = old();', edit)).toBe('x = new($&);')
})

test.each([
  ['x = gone();', 'is there 0 times'],
  ['old(); old();', 'is there 2 times'],
])('stops the build on %j', (text, reason) => {
  expect(() => applyEdit(text, edit)).toThrow(reason)
})

test.each(edits)('the installed mediasoup has "$from" once', (real) => {
  const text = readFileSync(join(findMediasoup().dir, 'worker', real.file), 'utf8')
  expect(applyEdit(text, real)).toContain(real.to)
})
