import { expect, test, vi } from 'vitest'
import { anna, boris } from '../gallery/fixtures.ts'
import { en } from '../i18n/en.ts'
import { makeTypingSignal, typingText } from './typing.ts'

test.each([
  [[], [anna], ''],
  [[anna.id], null, 'typing…'],
  [[anna.id], [anna], 'Анна Каренина is typing…'],
  [[boris.id], [anna], '1 person is typing…'],
  [[anna.id, boris.id], [anna, boris], '2 people are typing…'],
])('who writes: %#', (ids, known, expected) => {
  expect(typingText(en, ids, known)).toBe(expected)
})

test('that one writes is told now and then, and at once after a message', () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  const send = vi.fn()
  const typing = makeTypingSignal(send)
  typing.signal()
  vi.advanceTimersByTime(2_900)
  typing.signal()
  expect(send).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(200)
  typing.signal()
  expect(send).toHaveBeenCalledTimes(2)
  typing.sent()
  typing.signal()
  expect(send).toHaveBeenCalledTimes(3)
  vi.useRealTimers()
})
