import { expect, test } from 'vitest'
import { en } from './en.ts'
import { ru } from './ru.ts'
import { daysAgo, formatDuration, makeTimes } from './times.ts'

const local = (y: number, m: number, d: number, h = 12, min = 0) => new Date(y, m - 1, d, h, min)
const now = local(2026, 3, 10, 15, 30)
const english = makeTimes('en', en)
const russian = makeTimes('ru', ru)

test.each([
  [0, '00:00'],
  [67, '01:07'],
  [3599.9, '59:59'],
  [3729, '1:02:09'],
  [36_000, '10:00:00'],
  [-5, '00:00'],
])('%s seconds are %s', (seconds, expected) => {
  expect(formatDuration(seconds)).toBe(expected)
})

test('days are counted by the calendar, not by 24 hours', () => {
  expect(daysAgo(local(2026, 3, 9, 23, 59), local(2026, 3, 10, 0, 1))).toBe(1)
  expect(daysAgo(local(2026, 3, 10, 0, 1), local(2026, 3, 10, 23, 59))).toBe(0)
  expect(daysAgo(local(2025, 12, 31), local(2026, 1, 1))).toBe(1)
})

test('a day heading names today, yesterday, then the date, with the year when it is another', () => {
  const heading = (date: Date) => russian.dayHeading(date.toISOString(), now)
  expect(heading(local(2026, 3, 10, 1))).toBe('Сегодня')
  expect(heading(local(2026, 3, 9, 23))).toBe('Вчера')
  expect(heading(local(2026, 2, 1))).toBe('1 февраля')
  expect(heading(local(2024, 2, 1))).toMatch(/^1 февраля 2024/)
})

test('the chat list shows the time, the weekday, then the date', () => {
  const brief = (date: Date) => english.brief(date.toISOString(), now)
  expect(brief(local(2026, 3, 10, 9, 5))).toMatch(/^9:05\sAM$/)
  expect(brief(local(2026, 3, 8))).toBe('Sun')
  expect(brief(local(2026, 1, 2))).toBe('Jan 2')
  expect(brief(local(2024, 1, 2))).toBe('1/2/24')
})

test('last seen grows coarser with time', () => {
  const seen = (date: Date) => english.lastSeen(date.toISOString(), now)
  expect(seen(new Date(now.getTime() - 20_000))).toBe('last seen just now')
  expect(seen(new Date(now.getTime() - 5 * 60_000))).toBe('last seen 5 minutes ago')
  expect(seen(new Date(now.getTime() - 3 * 3_600_000))).toBe('last seen 3 hours ago')
  expect(seen(local(2026, 3, 9, 10))).toBe('last seen yesterday')
  expect(seen(local(2026, 2, 1))).toBe('last seen February 1')
})
