import { expect, test } from 'vitest'
import { readNumber } from './numbers.ts'

test.each([
  ['', null],
  ['  ', null],
  ['7', 7],
  [' 30 ', 30],
  ['0', undefined],
  ['101', undefined],
  ['-1', undefined],
  ['1.5', undefined],
  ['seven', undefined],
])('%j is %j', (text, value) => {
  expect(readNumber(text, 1, 100)).toBe(value)
})
