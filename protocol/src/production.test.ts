import { describe, expect, test } from 'vitest'
import { productionProblems, weakness } from './production.ts'
import { readSettings } from './settings.ts'

const strong = 'kX3vQ9mZ1tB7wR5nJ2hL8sD4fG6pC0yA'
const other = 'a1b2c3d4e5f60718293a4b5c6d7e8f90'

test.each([
  ['kX3vQ9', 'has fewer than 32 characters'],
  ['change-me-change-me-change-me-change-me', 'is an example that everybody knows'],
  ['ReplaceThisWithYourOwnSecret0123456789', 'is an example that everybody knows'],
  ['my-super-secret-key-of-32-characters', 'is an example that everybody knows'],
  ['xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', 'repeats a few characters'],
  ['abababababababababababababababababab', 'repeats a few characters'],
  [strong, undefined],
  [other, undefined],
])('%s %s', (secret, weak) => {
  expect(weakness(secret, 32)).toBe(weak)
})

describe('production refuses', () => {
  test.each<[string, Parameters<typeof productionProblems>[0], RegExp]>([
    ['rate limits that are off', { RATE_LIMITS: 'off' }, /^RATE_LIMITS=off/],
    ['a weak JWT_SECRET', { JWT_SECRET: 'x'.repeat(40) }, /^JWT_SECRET repeats/],
    ['a weak CALL_TOKEN_SECRET', { CALL_TOKEN_SECRET: 'password'.repeat(4) }, /^CALL_TOKEN_SECRET/],
    [
      'one secret for two things',
      { JWT_SECRET: strong, CALL_TOKEN_SECRET: strong },
      /^CALL_TOKEN_SECRET is the same as JWT_SECRET/,
    ],
    [
      'a short TURN_SECRET',
      { TURN_SERVER_URL: ['turn:a.test'], TURN_SECRET: 'north' },
      /^TURN_SECRET has fewer than 32/,
    ],
    [
      'a fixed relay password that everybody knows',
      { TURN_SERVER_URL: ['turn:a.test'], TURN_PASSWORD: 'turnturnturn' },
      /^TURN_PASSWORD is an example/,
    ],
    [
      'the example’s database password',
      { DATABASE_URL: 'postgres://user:password1234@db/beseda' },
      /^The password in DATABASE_URL is an example/,
    ],
    [
      'the user’s name for a password',
      { DATABASE_URL: 'postgres://beseda:beseda@127.0.0.1/beseda' },
      /^The password in DATABASE_URL has fewer than 12/,
    ],
    [
      'a database on another machine without a password',
      { DATABASE_URL: 'postgres://beseda@db/beseda' },
      /^The password in DATABASE_URL is missing/,
    ],
    [
      'an open Redis',
      { REDIS_URL: 'redis://valkey:6379' },
      /^The password in REDIS_URL is missing/,
    ],
    ['an open Redis in parts', { REDIS_HOST: 'valkey' }, /^REDIS_PASSWORD is missing/],
    [
      'a Redis that everybody can open',
      { REDIS_HOST: 'valkey', REDIS_PASSWORD: 'redisredisredis' },
      /^REDIS_PASSWORD is an example/,
    ],
  ])('%s, in one sentence', (_, values, sentence) => {
    const problems = productionProblems(values)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(sentence)
    expect(problems[0]).not.toContain('\n')
  })

  test('nothing that is strong, nor services of this machine alone', () => {
    for (const values of [
      {},
      { JWT_SECRET: strong, CALL_TOKEN_SECRET: other },
      { TURN_SERVER_URL: ['turn:a.test'], TURN_SECRET: strong },
      { TURN_SECRET: 'unused' },
      { DATABASE_URL: `postgres://beseda:${strong}@db/beseda`, REDIS_URL: `redis://:${other}@v` },
      { DATABASE_URL: 'postgres://beseda@localhost/beseda', REDIS_URL: 'redis://127.0.0.1:6379' },
      { REDIS_URL: 'redis://[::1]:6379' },
    ]) {
      expect(productionProblems(values)).toEqual([])
    }
  })

  test('by a process only what it reads, and without repeating it', () => {
    const env = { NODE_ENV: 'production', JWT_SECRET: 'x'.repeat(40), REDIS_URL: 'redis://v' }
    const read = () => readSettings(['NODE_ENV', 'JWT_SECRET'], env)
    expect(read).toThrow(/^JWT_SECRET repeats a few characters, which production refuses: make one/)
    expect(read).toThrow(expect.objectContaining({ message: expect.not.stringContaining('xxx') }))
    expect(() => readSettings(['NODE_ENV', 'CALL_TOKEN_SECRET'], env)).toThrow(/is not set/)
    expect(readSettings(['NODE_ENV', 'REDIS_PORT'], env).REDIS_PORT).toBe(6379)
    expect(readSettings(['NODE_ENV', 'JWT_SECRET'], { ...env, NODE_ENV: '' }).JWT_SECRET).toBe(
      env.JWT_SECRET,
    )
  })
})
