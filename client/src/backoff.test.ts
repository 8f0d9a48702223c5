import { expect, test } from 'vitest'
import { backoff, makePause } from './backoff.ts'

test.each([
  [0, 300],
  [1, 600],
  [4, 4800],
  [10, 10_000],
  [1000, 10_000],
])('try %i waits between half of %i ms and all of it', (attempt, ceiling) => {
  expect(backoff(attempt, { random: () => 0 })).toBe(ceiling / 2)
  expect(backoff(attempt, { random: () => 1 })).toBe(ceiling)
})

test('all pauses end when they are cut', async () => {
  const pause = makePause()
  const pauses = Promise.all([pause.wait(3_600_000), pause.wait(3_600_000)])
  pause.cut()
  await pauses
  await pause.wait(1)
})
