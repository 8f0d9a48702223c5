import { expect, test } from 'vitest'
import { makeRequests } from './requests.ts'

test('what is missing is asked for at once, then again until it has come', () => {
  const requests = makeRequests()
  expect(requests.add(10)).toBe(false)
  expect(requests.add(11)).toBe(false)
  expect(requests.isEmpty()).toBe(true)
  expect(requests.add(14)).toBe(true)
  expect(requests.due(0)).toEqual([12, 13])
  expect(requests.due(20)).toEqual([])
  expect(requests.add(13)).toBe(false)
  expect(requests.due(100)).toEqual([12])
  expect(requests.add(12)).toBe(false)
  expect(requests.isEmpty()).toBe(true)
  expect(requests.due(1_000)).toEqual([])
})

test('after ten times a packet is given up', () => {
  const requests = makeRequests()
  requests.add(1)
  requests.add(3)
  const asked = Array.from({ length: 20 }, (_, nth) => requests.due(nth * 100))
  expect(asked.filter((numbers) => numbers.length > 0)).toHaveLength(10)
  expect(requests.isEmpty()).toBe(true)
})

test('numbers go on beyond 16 bits, and what is overtaken is not missing', () => {
  const requests = makeRequests()
  requests.add(65_533)
  requests.add(1)
  expect(requests.due(0)).toEqual([65_534, 65_535, 0])
  requests.add(65_535)
  requests.add(65_000)
  requests.add(2)
  expect(requests.due(100)).toEqual([65_534, 0])
})

test('of a long gap the last thousand are asked for', () => {
  const requests = makeRequests()
  requests.add(0)
  requests.add(5)
  requests.add(3_000)
  const numbers = requests.due(0)
  expect(numbers).toHaveLength(1_000)
  expect(numbers.at(0)).toBe(2_000)
  expect(numbers.at(-1)).toBe(2_999)
})
