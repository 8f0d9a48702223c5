import { expect, test } from 'vitest'
import { completeMention, mentionAt } from './mention-query.ts'

test.each([
  ['@', { start: 0, query: '' }],
  ['hi @an', { start: 3, query: 'an' }],
  ['(@Анн', { start: 1, query: 'Анн' }],
  ['mail anna@home', null],
  ['@anna ', null],
  ['@@anna', null],
])('the mention at the end of %j', (text, expected) => {
  expect(mentionAt(text, text.length)).toEqual(expected)
})

test('only what stands before the caret counts, and what follows stays', () => {
  const found = mentionAt('a @bo c', 5)
  expect(found).toEqual({ start: 2, query: 'bo' })
  expect(found && completeMention('a @bo c', found, 'boris')).toEqual({
    text: 'a @boris c',
    caret: 9,
  })
})
