import { expect, test } from 'vitest'
import { pushIntoView } from './drag.ts'

const view = { width: 1000, height: 800 }

test.each([
  ['stands inside', { left: 100, top: 50, width: 600 }, { x: 0, y: 0 }],
  ['hangs out as far as it may', { left: 860, top: 736, width: 600 }, { x: 0, y: 0 }],
  ['is above', { left: 100, top: -30, width: 600 }, { x: 0, y: 30 }],
  ['is below', { left: 100, top: 790, width: 600 }, { x: 0, y: -54 }],
  ['is on the right', { left: 1200, top: 50, width: 600 }, { x: -340, y: 0 }],
  ['is on the left', { left: -700, top: 50, width: 600 }, { x: 240, y: 0 }],
  ['is narrow and on the left', { left: -50, top: 50, width: 100 }, { x: 50, y: 0 }],
])('a window that %s is pushed by what it takes', (_where, box, push) => {
  expect(pushIntoView(box, view)).toEqual(push)
})

test('in a view without room for the handle its upper edge wins', () => {
  expect(pushIntoView({ left: 0, top: 10, width: 600 }, { width: 1000, height: 40 }).y).toBe(-10)
})
