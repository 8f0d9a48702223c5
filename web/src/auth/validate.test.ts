import { registerBodySchema } from '@beseda/protocol/auth'
import { expect, test } from 'vitest'
import { en } from '../i18n/en.ts'
import { logInErrors, signUpErrors } from './validate.ts'

const good = { username: 'Anna.K', password: 'long enough', displayName: 'Анна' }

test.each([
  ['good', good, []],
  ['short username', { ...good, username: 'an' }, ['username']],
  ['Cyrillic username', { ...good, username: 'анна' }, ['username']],
  ['username with a dot first', { ...good, username: '.anna' }, ['username']],
  ['short password', { ...good, password: '1234567' }, ['password']],
  ['blank display name', { ...good, displayName: '   ' }, ['displayName']],
  [
    'nothing',
    { username: '', password: '', displayName: '' },
    ['displayName', 'password', 'username'],
  ],
])('sign-up, %s: the page refuses what the contract refuses', (_, entry, fields) => {
  expect(Object.keys(signUpErrors(en, entry)).sort()).toEqual(fields)
  expect(registerBodySchema.safeParse(entry).success).toBe(fields.length === 0)
})

test('log-in asks only for filled fields', () => {
  expect(logInErrors(en, { username: 'x', password: 'y', displayName: '' })).toEqual({})
  expect(Object.keys(logInErrors(en, { username: ' ', password: '', displayName: '' }))).toEqual([
    'username',
    'password',
  ])
})
