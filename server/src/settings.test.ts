import { expect, test } from 'vitest'
import { readServerSettings } from './settings.ts'

const secrets = { JWT_SECRET: 'j'.repeat(32), CALL_TOKEN_SECRET: 'c'.repeat(32) }
const relay = { ...secrets, TURN_SERVER_URL: 'turn:relay.test:3478,turns:relay.test' }

test.each([
  ['a shared secret', { TURN_SECRET: 'north' }],
  ['a fixed user', { TURN_USERNAME: 'user', TURN_PASSWORD: 'pass' }],
])('a relay goes with %s', (_, login) => {
  expect(readServerSettings({ ...relay, ...login }).TURN_SERVER_URL).toHaveLength(2)
})

test.each([
  ['nothing to log in with', {}],
  ['a user without a password', { TURN_USERNAME: 'user' }],
])('a relay with %s is named at the start', (_, login) => {
  expect(() => readServerSettings({ ...relay, ...login })).toThrow(
    /^TURN_SERVER_URL is set without a way to log in: set TURN_SECRET/,
  )
})

test('without a relay nothing is asked for', () => {
  expect(readServerSettings(secrets).TURN_SERVER_URL).toBeUndefined()
})
