import { expect, test } from 'vitest'
import { anna, message } from '../gallery/fixtures.ts'
import { toRows } from './rows.ts'
import { toSlots } from './slots.ts'
import { dayRoom, viewOf } from './view.ts'

const at = (day: number) => new Date(2026, 2, day, 12).toISOString()
const messages = [10, 10, 10, 11, 11].map((day, index) =>
  message({ id: `m${index + 1}`, seq: index + 1, createdAt: at(day), clientId: null }),
)
/** Five messages of 100 pixels; the first three of one day, the others of the next. */
const placed = toSlots(toRows({ messages, pending: [], self: anna, unreadAfter: null })).map(
  (slot, index) => ({ slot, index, top: index * 100, bottom: index * 100 + 100 }),
)

test('headings belong to the message below them', () => {
  expect(placed.map(({ slot }) => slot.day)).toEqual([at(10), null, null, at(11), null])
  const unread = toSlots(toRows({ messages, pending: [], self: anna, unreadAfter: 3 }))
  expect(unread.map((slot) => slot.unread)).toEqual([false, false, false, true, false])
})

test('only what is whole in view has been seen, or what fills it', () => {
  expect(viewOf(placed, 0, 250).seen).toBe(2)
  expect(viewOf(placed, 0, 299).seen).toBe(3)
  expect(viewOf(placed, 310, 390).seen).toBe(4)
  expect(viewOf([], 0, 100).seen).toBeNull()
})

test('the day of the uppermost message stands above once its own heading has gone', () => {
  expect(viewOf(placed, 0, 250)).toMatchObject({ day: null, under: null })
  expect(viewOf(placed, 20, 250)).toMatchObject({ day: at(10), under: 'm1' })
  expect(viewOf(placed, 120, 250)).toMatchObject({ day: at(10), under: null, push: 0 })
  expect(viewOf(placed, 280, 400)).toMatchObject({ day: at(10), push: dayRoom - 20 })
  expect(viewOf(placed, 320, 400)).toMatchObject({ day: at(11), under: 'm4', push: 0 })
})
