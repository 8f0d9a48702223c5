import { expect, test } from 'vitest'
import { gridLayout } from './grid-layout.ts'

const shape = (count: number, width: number, height: number) => {
  const { columns, rows } = gridLayout(count, width, height)
  return `${columns}x${rows}`
}

test.each([
  [1, 1200, 700, '1x1'],
  [2, 1200, 500, '2x1'],
  [2, 390, 700, '1x2'],
  [3, 1200, 700, '2x2'],
  [4, 1200, 700, '2x2'],
  [5, 1300, 700, '3x2'],
  [9, 1200, 700, '3x3'],
  [4, 390, 800, '1x4'],
  [4, 1600, 220, '4x1'],
])('%i tiles in %i × %i stand %s', (count, width, height, expected) => {
  expect(shape(count, width, height)).toBe(expected)
})

test('tiles fit the box, gaps included, and are 16:9', () => {
  for (let count = 1; count <= 50; count++) {
    for (const [width, height] of [
      [390, 600],
      [768, 900],
      [1440, 700],
    ] as const) {
      const grid = gridLayout(count, width, height, 10)
      expect(grid.columns * grid.rows).toBeGreaterThanOrEqual(count)
      expect(grid.columns * grid.width + 10 * (grid.columns - 1)).toBeLessThanOrEqual(width)
      expect(grid.rows * grid.height + 10 * (grid.rows - 1)).toBeLessThanOrEqual(height)
      expect(Math.abs(grid.width - (grid.height * 16) / 9)).toBeLessThan(2)
    }
  }
})

test('no other number of columns would make them larger', () => {
  const grid = gridLayout(7, 1000, 640, 0)
  for (let columns = 1; columns <= 7; columns++) {
    const rows = Math.ceil(7 / columns)
    const width = Math.min(1000 / columns, ((640 / rows) * 16) / 9)
    expect(grid.width).toBeGreaterThanOrEqual(Math.floor(width))
  }
})

test('a box without room has tiles without size', () => {
  expect(gridLayout(3, 0, 0)).toMatchObject({ width: 0, height: 0 })
})
