import { expect, test } from 'vitest'
import { anchorAt, type Extent, placeOf, surviving } from './anchor.ts'

/** Slots a, b, c… of these heights, one below the other. */
function stack(...heights: number[]): Extent[] {
  let top = 0
  return heights.map((height, index) => {
    const extent = { key: 'abcdefgh'[index] ?? '', top, bottom: top + height }
    top = extent.bottom
    return extent
  })
}
const topIn = (extents: Extent[]) => (key: string) =>
  extents.find((one) => one.key === key)?.top ?? null
const tall = stack(100, 100, 100, 100, 400)
const stand = { view: 300, height: 800, hasNewer: false }

test('what is read is the first message that is whole, or one that fills the view', () => {
  expect(anchorAt(tall, { ...stand, top: 100 })).toEqual({ to: 'slot', key: 'b', offset: 0 })
  expect(anchorAt(tall, { ...stand, top: 130 })).toEqual({ to: 'slot', key: 'c', offset: 70 })
  expect(anchorAt(tall, { ...stand, top: 405, view: 200 })).toEqual({
    to: 'slot',
    key: 'e',
    offset: -5,
  })
})

test('who is near the end of the chat holds on to the end, not to the end of a run', () => {
  expect(anchorAt(tall, { ...stand, top: 460 })).toEqual({ to: 'end', gap: 40 })
  expect(anchorAt(tall, { ...stand, top: 460, hasNewer: true })).toMatchObject({ to: 'slot' })
  expect(anchorAt([], { ...stand, top: 0 })).toMatchObject({ to: 'end' })
})

test('a list stands where its anchor is in its place, as far as it reaches', () => {
  const grown = stack(250, 100, 100, 100, 400)
  const room = { view: 300, height: 950 }
  const anchor = anchorAt(tall, { ...stand, top: 130 })
  expect(placeOf(anchor, topIn(grown), room)).toBe(280)
  expect(placeOf({ to: 'end', gap: 40 }, topIn(grown), room)).toBe(610)
  expect(placeOf({ to: 'slot', key: 'a', offset: 100 }, topIn(grown), room)).toBe(0)
  expect(placeOf({ to: 'slot', key: 'e', offset: -900 }, topIn(grown), room)).toBe(650)
  expect(placeOf({ to: 'slot', key: 'x', offset: 0 }, topIn(grown), room)).toBeNull()
})

test('an anchor that goes leaves its place to the next below, else above', () => {
  const anchor = { to: 'slot', key: 'b', offset: 20 } as const
  expect(surviving(anchor, tall, (key) => key !== 'b')).toEqual({
    to: 'slot',
    key: 'c',
    offset: 120,
  })
  expect(surviving(anchor, tall, (key) => key === 'a')).toEqual({
    to: 'slot',
    key: 'a',
    offset: -80,
  })
  expect(surviving(anchor, tall, () => false)).toEqual(anchor)
  expect(surviving(anchor, tall, () => true)).toEqual(anchor)
})
