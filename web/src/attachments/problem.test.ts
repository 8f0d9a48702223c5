import { RequestError } from '@beseda/client/rest'
import { expect, test } from 'vitest'
import { en } from '../i18n/en.ts'
import { mayPass, type Problem, problemIn, problemOf, problemText } from './problem.ts'

test.each([
  [{ size: 10, folder: false }, 10, null],
  [{ size: 11, folder: false }, 10, 'FILE_TOO_LARGE'],
  [{ size: 11, folder: false }, null, null],
  [{ size: 0, folder: false }, 10, 'EMPTY'],
  [{ size: 4096, folder: true }, null, 'FOLDER'],
])('%j with at most %s bytes: %s', (file, most, problem) => {
  expect(problemOf(file, most)).toBe(problem)
})

test.each([
  ['FILE_TOO_LARGE', 'Larger than 50 MB, the most that can be sent.'],
  ['FILE_TYPE', 'What is in the file is not what its name says.'],
  ['IMAGE_TOO_LARGE', 'The picture has too many pixels.'],
  ['NETWORK', 'There is no connection to the server.'],
  ['EMPTY', 'The file is empty.'],
  ['FOLDER', 'A folder can’t be sent. Pack it into an archive.'],
  ['BAD_ANSWER', 'Something went wrong.'],
] satisfies [Problem, string][])('%s is told as: %s', (problem, text) => {
  expect(problemText(en, problem, '50 MB')).toBe(text)
})

test('only what may pass is tried again', () => {
  const problems: Problem[] = ['NETWORK', 'RATE_LIMITED', 'FILE_TYPE', 'FILE_TOO_LARGE', 'EMPTY']
  expect(problems.filter(mayPass)).toEqual(['NETWORK', 'RATE_LIMITED'])
  expect(problemIn(new RequestError('FILE_TYPE', ''))).toBe('FILE_TYPE')
  expect(problemIn(new TypeError())).toBe('INTERNAL')
})
