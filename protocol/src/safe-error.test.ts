import { expect, test } from 'vitest'
import { safeError } from './safe-error.ts'

test('tells of an error and its causes what a log may hold', () => {
  const cause = Object.assign(new Error('duplicate key value'), {
    code: '23505',
    detail: 'Key (username)=(secret-1) already exists.',
  })
  const error = Object.assign(
    new Error('Failed query: insert into messages values ($1)\nparams: secret-2,\nsecret-3', {
      cause,
    }),
    { params: ['secret-2'], command: { name: 'set', args: ['secret-4'] } },
  )
  const safe = safeError(error)
  expect(safe).toMatchObject({
    type: 'Error',
    message: 'Failed query: insert into messages values ($1)',
    stack: expect.stringContaining('safe-error.test.ts'),
    cause: { message: 'duplicate key value', code: '23505' },
  })
  expect(JSON.stringify(safe)).not.toContain('secret')
})

test('says nothing of what is no error', () => {
  expect(safeError('a secret')).toEqual({ type: 'string', message: 'not an error' })
})
