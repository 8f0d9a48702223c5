import { expect, test } from 'vitest'
import { Ear } from './ears.ts'

const track = () => ({}) as MediaStreamTrack

test('silences are counted between packets and up to now', () => {
  const [ear, one] = [new Ear(), track()]
  ear.turnTo(one)
  expect(ear.hears).toBe(false)
  for (const at of [100, 120, 300, 320]) ear.hear(one, at)
  expect(ear.hears).toBe(true)
  expect(ear.longestGap(330)).toBe(180)
  expect(ear.longestGap(1_000)).toBe(680)
  ear.forget(1_000)
  expect(ear.longestGap(1_010)).toBe(10)
})

test('a new track has to be heard anew; what comes late on the old one does not count', () => {
  const [ear, one, two] = [new Ear(), track(), track()]
  ear.turnTo(one)
  ear.hear(one, 10)
  ear.turnTo(two)
  ear.hear(one, 20)
  expect(ear.hears).toBe(false)
  ear.hear(two, 50)
  expect(ear.hears).toBe(true)
  expect(ear.longestGap(50)).toBe(40)
})
