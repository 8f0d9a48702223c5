import { expect, test } from 'vitest'
import { layerFor } from './wants.ts'

const wide = (width: number) => ({ width, height: (width * 9) / 16 })

test.each([
  [160, 0],
  [400, 0],
  [401, 1],
  [800, 1],
  [801, 2],
  [3840, 2],
])('a picture %i pixels wide needs layer %i', (width, layer) => {
  expect(layerFor(wide(width))).toBe(layer)
})

test('the longer side counts, for a phone held upright too', () => {
  expect(layerFor({ width: 360, height: 640 })).toBe(1)
})

test('a picture at the edge between two layers keeps the one it has', () => {
  expect(layerFor(wide(390), 1)).toBe(1)
  expect(layerFor(wide(350), 1)).toBe(0)
  expect(layerFor(wide(790), 2)).toBe(2)
  expect(layerFor(wide(100), 2)).toBe(0)
  expect(layerFor(wide(390), 0)).toBe(0)
  expect(layerFor(wide(410), 0)).toBe(1)
})
