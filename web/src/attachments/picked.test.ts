import { expect, test } from 'vitest'
import { meansFiles } from './picked.ts'

test.each([
  ['a picture of the screen', ['Files'], 1, true],
  ['a picture of a page', ['text/html', 'Files'], 1, true],
  ['a file of the file manager', ['text/plain', 'Files'], 1, true],
  ['cells of a table', ['text/plain', 'text/html', 'text/rtf', 'Files'], 1, false],
  ['text', ['text/plain'], 0, false],
])('%s', (_name, types, length, expected) => {
  expect(meansFiles({ types, files: { length } })).toBe(expected)
})
