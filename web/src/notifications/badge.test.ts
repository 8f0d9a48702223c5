import { expect, test } from 'vitest'
import { iconFor, titleFor } from './badge.ts'

test.each([
  [0, 'Beseda'],
  [1, '(1) Beseda'],
  [250, '(250) Beseda'],
])('with %i messages waiting the title is %s', (count, title) => {
  expect(titleFor(count, 'Beseda')).toBe(title)
})

test('the icon bears the number, and is the plain file at zero', () => {
  expect(iconFor(0)).toBe('/favicon.svg')
  const textOf = (count: number) => decodeURIComponent(iconFor(count)).match(/>(\d+)</)?.[1]
  expect(textOf(1)).toBe('1')
  expect(textOf(42)).toBe('42')
  expect(textOf(1200)).toBe('99')
})
