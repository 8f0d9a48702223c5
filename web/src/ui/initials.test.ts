import { expect, test } from 'vitest'
import { hueOf, initialsOf } from './initials.ts'

test.each([
  ['Анна Каренина', 'АК'],
  ['bob', 'B'],
  ['  Команда «Север» и друзья', 'КС'],
  ['🦊 Fox', '🦊F'],
  ['«»', '?'],
])('initials of %s are %s', (name, expected) => {
  expect(initialsOf(name)).toBe(expected)
})

test('colours stay within the palette and spread over it', () => {
  const seen = new Set(Array.from({ length: 200 }, (_, index) => hueOf(`user-${index}`)))
  expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  expect(hueOf('user-7')).toBe(hueOf('user-7'))
})
