import { expect, test } from 'vitest'
import { ringTimes } from './run.ts'

test('a ring is timed from the last start in its chat, wherever either was', () => {
  const begun = [
    { chatId: 'a', at: 100 },
    { chatId: 'b', at: 150 },
    { chatId: 'a', at: 500 },
  ]
  const rung = [
    { chatId: 'b', at: 180 },
    { chatId: 'a', at: 130 },
    { chatId: 'a', at: 540 },
    { chatId: 'c', at: 600 },
    { chatId: 'a', at: 90 },
  ]
  expect(ringTimes(begun, rung)).toEqual([30, 30, 40])
})
