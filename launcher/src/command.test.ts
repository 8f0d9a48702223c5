import { parseArgs } from 'node:util'
import { SettingsError } from '@beseda/protocol/settings'
import { expect, test } from 'vitest'
import { isForPerson } from './command.ts'
import { StartError } from './start-error.ts'

const thrownBy = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    return error
  }
}

test('what a person can mend is told in a sentence, what is ours with its stack', () => {
  expect(isForPerson(new StartError('Port 3000 is taken.'))).toBe(true)
  expect(isForPerson(new SettingsError('PORT is no number.'))).toBe(true)
  expect(isForPerson(thrownBy(() => parseArgs({ args: ['--wrong'] })))).toBe(true)
  expect(isForPerson(new TypeError('x is not a function'))).toBe(false)
  expect(isForPerson('x')).toBe(false)
})
