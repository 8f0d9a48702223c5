import { expect, test } from 'vitest'
import { formatValue, marksOf, type Unit } from './units.ts'

test.each<[Unit, number, string]>([
  ['none', 12, '12'],
  ['none', 0.733, '0.733'],
  ['s', 0, '0 s'],
  ['s', 0.0184, '18.4 ms'],
  ['s', 90, '1.5 min'],
  ['s', 0.000_000_2, '0.2 µs'],
  ['percentunit', 0.0255, '2.55%'],
  ['percentunit', 0, '0%'],
  ['bps', 6_380_000, '6.38 Mb/s'],
  ['bytes', 157_286_400, '150 MiB'],
  ['reqps', 1_234, '1.23K req/s'],
])('%s %f is %s', (unit, value, text) => {
  expect(formatValue(unit, value)).toBe(text)
})

test('decimals that are asked for are kept to', () => {
  expect(formatValue('none', 41.3, 0)).toBe('41')
})

const texts = (...args: Parameters<typeof marksOf>) => marksOf(...args).map(({ text }) => text)

test('marks are round in their unit and reach the top', () => {
  expect(texts('s', 0.019)).toEqual(['0 s', '5 ms', '10 ms', '15 ms', '20 ms'])
  expect(texts('bytes', 310 * 1024 ** 2)).toEqual([
    '0 B',
    '100 MiB',
    '200 MiB',
    '300 MiB',
    '400 MiB',
  ])
  expect(texts('percentunit', 0.14)).toEqual(['0%', '5%', '10%', '15%'])
})

test('what is counted has no marks between whole numbers', () => {
  expect(texts('none', 2, true)).toEqual(['0', '1', '2'])
})
