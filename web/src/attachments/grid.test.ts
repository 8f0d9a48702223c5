import { expect, test } from 'vitest'
import { fitPicture, gridRows } from './grid.ts'

test.each([
  [1, [1]],
  [2, [2]],
  [3, [1, 2]],
  [4, [2, 2]],
  [5, [2, 3]],
  [6, [3, 3]],
  [7, [2, 2, 3]],
  [8, [2, 3, 3]],
  [9, [3, 3, 3]],
  [10, [2, 2, 3, 3]],
])('%i pictures stand in rows of %j', (count, rows) => {
  expect(gridRows(count)).toEqual(rows)
})

const most = { width: 400, height: 300 }
test.each([
  [
    { width: 4000, height: 1000 },
    { width: 400, height: 100 },
  ],
  [
    { width: 1000, height: 3000 },
    { width: 100, height: 300 },
  ],
  [
    { width: 20, height: 10 },
    { width: 20, height: 10 },
  ],
  [
    { width: null, height: null },
    { width: 400, height: 300 },
  ],
])('a picture of %j is shown as %j', (picture, shown) => {
  expect(fitPicture(picture, most)).toEqual(shown)
})
