import { afterEach, expect, test, vi } from 'vitest'
import { RequestError } from './rest.ts'
import { codeOf, isPassing, retryDelay, within } from './retry.ts'

afterEach(() => vi.useRealTimers())

test('what passes by itself is told from what does not', () => {
  expect(isPassing(new RequestError('NETWORK', ''))).toBe(true)
  expect(isPassing(new RequestError('RATE_LIMITED', ''))).toBe(true)
  expect(isPassing(new RequestError('FORBIDDEN', ''))).toBe(false)
  expect(isPassing(new Error('a bug'))).toBe(false)
  expect(codeOf(new Error('a bug'))).toBe('INTERNAL')
})

test('the server says how long to wait, else it is a growing pause', () => {
  expect(retryDelay(new RequestError('RATE_LIMITED', '', { retryAfter: 7 }), 0)).toBe(7_000)
  expect(retryDelay(new RequestError('NETWORK', ''), 0)).toBeLessThanOrEqual(300)
})

test('an answer that does not come in time is none', async () => {
  vi.useFakeTimers()
  const late = expect(within(1_000, new Promise(() => {}))).rejects.toMatchObject({
    code: 'NETWORK',
  })
  await vi.advanceTimersByTimeAsync(1_000)
  await late
  expect(await within(1_000, Promise.resolve('in time'))).toBe('in time')
})
