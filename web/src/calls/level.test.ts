import { expect, test } from 'vitest'
import { loudness } from './level.ts'

const tone = (amplitude: number) =>
  Float32Array.from({ length: 4800 }, (_, at) => amplitude * Math.sin((at * Math.PI) / 24))

test('is 0 for silence, 1 at the most, and grows in between', () => {
  expect(loudness(tone(0))).toBe(0)
  expect(loudness(tone(0.0005))).toBe(0)
  expect(loudness(tone(0.1))).toBeCloseTo(0.617, 2)
  expect(loudness(tone(0.1))).toBeLessThan(loudness(tone(0.5)))
  expect(loudness(Float32Array.from([1, -1, 1, -1]))).toBe(1)
})
