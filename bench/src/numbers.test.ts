import { expect, test } from 'vitest'
import { format, median, medianRange, percentile } from './numbers.ts'

test('takes percentiles by nearest rank', () => {
  const samples = [5, 1, 4, 2, 3]
  expect(median(samples)).toBe(3)
  expect(percentile(samples, 0.95)).toBe(5)
  expect(percentile(samples, 0)).toBe(1)
  expect(percentile([], 0.5)).toBeNaN()
})

// Ranks of the sign test's interval as tables have them: 2 and 9 of 10, 8 and 18 of 25.
test.each([
  [10, 2, 9],
  [13, 3, 11],
  [25, 8, 18],
])('says between which of %i samples the median lies', (count, low, high) => {
  const samples = Array.from({ length: count }, (_, index) => count - index)
  expect(medianRange(samples)).toEqual({ low, high })
})

test('does not say where a median lies of which there are too few samples', () => {
  expect(medianRange([1, 2, 3])).toEqual({ low: Number.NaN, high: Number.NaN })
})

test('shows figures with their unit', () => {
  expect(format({ what: '', value: 6.789, unit: 'µs' })).toBe('6.79 µs')
  expect(format({ what: '', value: 38.21, unit: 'ms' })).toBe('38.2 ms')
  expect(format({ what: '', value: 1.0289, unit: '×' })).toBe('1.029 ×')
})
