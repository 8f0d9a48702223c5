import { expect, test } from 'vitest'
import { fillIn, intervalsOf, QueryError, secondsOf } from './interval.ts'

const hour = 3_600

test.each([
  // What Prometheus does not have, Grafana does not ask for.
  ['20 minutes', hour / 3, 500, { step: 15, rate: 60 }],
  ['6 hours', 6 * hour, 500, { step: 30, rate: 60 }],
  ['a day', 24 * hour, 500, { step: 120, rate: 135 }],
  ['30 days', 30 * 24 * hour, 500, { step: 3_600, rate: 3_615 }],
])('%s are asked for as Grafana does', (_, range, pixels, expected) => {
  expect(intervalsOf(range, pixels)).toEqual(expected)
})

test('a query with a least step of its own takes rates over four of it', () => {
  expect(intervalsOf(hour, 500, 60)).toEqual({ step: 60, rate: 240 })
})

test('variables are filled in, others refused', () => {
  const intervals = { step: 30, rate: 60 }
  expect(fillIn('rate(a_total[$__rate_interval]) + b[$__interval]', intervals)).toBe(
    'rate(a_total[60s]) + b[30s]',
  )
  expect(() => fillIn('up{instance="$node"}', intervals)).toThrow(QueryError)
})

test('spans are read', () => {
  expect(['15s', '1m', '6h', '2d'].map(secondsOf)).toEqual([15, 60, 21_600, 172_800])
  expect(() => secondsOf('an hour')).toThrow(RangeError)
})
