import { expect, test } from 'vitest'
import { hasSessionMark } from './session-mark.ts'

test.each([
  ['', false],
  ['beseda_session=1', true],
  ['theme=dark; beseda_session=1', true],
  ['not_beseda_session=1', false],
])('%j tells of a session: %s', (cookies, expected) => {
  expect(hasSessionMark(cookies)).toBe(expected)
})
