import { RequestError } from '@beseda/client/rest'
import { describe, expect, test } from 'vitest'
import { en } from '../i18n/en.ts'
import { ru } from '../i18n/ru.ts'
import { errorText, waitOf } from './error-text.ts'

const tooOften = (retryAfter: number | null) =>
  new RequestError('RATE_LIMITED', 'Too many requests.', { retryAfter })

describe('errorText', () => {
  test.each([
    [1, 'in 1 second.', 'через 1 секунду.'],
    [2, 'in 2 seconds.', 'через 2 секунды.'],
    [40, 'in 40 seconds.', 'через 40 секунд.'],
    [91, 'in 2 minutes.', 'через 2 минуты.'],
    [1260, 'in 21 minutes.', 'через 21 минуту.'],
    [3600, 'in 60 minutes.', 'через 60 минут.'],
    [18_000, 'in 5 hours.', 'через 5 часов.'],
  ])('says how long to wait: %i s', (seconds, english, russian) => {
    expect(errorText(en, tooOften(seconds))).toBe(`Too many attempts. Try again ${english}`)
    expect(errorText(ru, tooOften(seconds))).toBe(`Слишком много попыток. Повторите ${russian}`)
  })

  test('says what is known of the others', () => {
    expect(errorText(en, tooOften(null))).toBe('That was too often. Please wait a little.')
    expect(errorText(en, new RequestError('CHAT_FULL', ''))).toBe('The group is full.')
    expect(errorText(en, new Error('x'))).toBe('Something went wrong.')
  })
})

test('only what came too often asks to wait', () => {
  expect(waitOf(tooOften(7))).toBe(7)
  expect(waitOf(tooOften(null))).toBe(0)
  expect(waitOf(new RequestError('UNAVAILABLE', '', { retryAfter: 7 }))).toBe(0)
  expect(waitOf(undefined)).toBe(0)
})
