import { expect, test } from 'vitest'
import { readSettings, SettingsError, settings } from './settings.ts'

test('reads defaults, numbers and lists', () => {
  const values = readSettings(['HOST', 'PORT', 'TURN_SERVER_URL', 'SFU_ANNOUNCED_ADDRESS'], {
    PORT: ' 8080 ',
    HOST: '',
    TURN_SERVER_URL: 'turn:a.example:3478?transport=tcp, turns:[2001:db8::1]:5349',
  })
  expect(values).toEqual({
    HOST: '127.0.0.1',
    PORT: 8080,
    TURN_SERVER_URL: ['turn:a.example:3478?transport=tcp', 'turns:[2001:db8::1]:5349'],
    SFU_ANNOUNCED_ADDRESS: undefined,
  })
})

test.each([
  ['PORT', 'abc'],
  ['PORT', '70000'],
  ['PORT', '1.5'],
  ['PUBLIC_URL', 'chat.example'],
  ['PUBLIC_URL', 'ftp://chat.example'],
  ['SFU_PUBLIC_URL', 'https://chat.example'],
  ['DATABASE_URL', 'mysql://localhost/x'],
  ['REDIS_URL', 'localhost'],
  ['REGISTRATION', 'sometimes'],
  ['RATE_LIMITS', 'no'],
  ['LOG_LEVEL', 'loud'],
  ['TURN_SERVER_URL', 'stun:a.example'],
  ['TURN_SERVER_URL', 'turn://a.example:3478'],
  ['TURN_SERVER_URL', 'turn:a.example:3478?transport=sctp'],
  ['SFU_WORKERS', '0'],
  ['JWT_SECRET', 'short'],
] as const)('refuses %s=%s with a sentence that names it', (name, value) => {
  expect(() => readSettings([name], { [name]: value })).toThrow(SettingsError)
  expect(() => readSettings([name], { [name]: value })).toThrow(new RegExp(`^${name} is not valid`))
})

test('names every problem at once', () => {
  expect(() => readSettings(['PORT', 'JWT_SECRET'], { PORT: 'x' })).toThrow(
    /^PORT is not valid.*\nJWT_SECRET is not set/,
  )
})

test('never repeats the value of a secret', () => {
  const tooShort = 'hunter2'
  expect(() => readSettings(['JWT_SECRET'], { JWT_SECRET: tooShort })).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining(tooShort) }),
  )
})

test('refuses RATE_LIMITS=off in production', () => {
  const env = { NODE_ENV: 'production', RATE_LIMITS: 'off' }
  expect(() => readSettings(['NODE_ENV', 'RATE_LIMITS'], env)).toThrow(/refused in production/)
})

test('every setting says what it is', () => {
  for (const [name, { doc, shown }] of Object.entries(settings)) {
    expect(doc, name).not.toBe('')
    expect(shown, name).not.toBe('')
  }
})
