import { expect, test } from 'vitest'
import { format, median, percentile } from './numbers.ts'

test('takes percentiles by nearest rank', () => {
  const samples = [5, 1, 4, 2, 3]
  expect(median(samples)).toBe(3)
  expect(percentile(samples, 0.95)).toBe(5)
  expect(percentile(samples, 0)).toBe(1)
  expect(percentile([], 0.5)).toBeNaN()
})

test('shows figures with their unit', () => {
  expect(format({ what: '', value: 6.789, unit: 'µs' })).toBe('6.79 µs')
  expect(format({ what: '', value: 38.21, unit: 'ms' })).toBe('38.2 ms')
  expect(format({ what: '', value: 1.0289, unit: '×' })).toBe('1.029 ×')
})
