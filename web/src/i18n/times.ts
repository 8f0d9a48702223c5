import type { Dictionary } from './ru.ts'

const minute = 60_000
const day = 86_400_000

const dayOf = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / day

/** Whole calendar days from `date` to `now`, by the local calendar. */
export const daysAgo = (date: Date, now: Date) => dayOf(now) - dayOf(date)

/** `04:07`, and from an hour on `1:02:09`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const two = (n: number) => String(n).padStart(2, '0')
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor(whole / 60) % 60
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(whole % 60)}`
    : `${two(minutes)}:${two(whole % 60)}`
}

export type Times = ReturnType<typeof makeTimes>

/** How moments are said in one language, by the local clock. */
export function makeTimes(language: string, t: Dictionary) {
  const clock = new Intl.DateTimeFormat(language, { hour: 'numeric', minute: '2-digit' })
  const weekday = new Intl.DateTimeFormat(language, { weekday: 'short' })
  const dayMonth = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long' })
  const short = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short' })
  const full = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long', year: 'numeric' })
  const numeric = new Intl.DateTimeFormat(language, { dateStyle: 'short' })
  const dayTime = new Intl.DateTimeFormat(language, {
    day: 'numeric',
    month: 'long',
    hour: 'numeric',
    minute: '2-digit',
  })
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })

  const time = (iso: string) => clock.format(new Date(iso))

  /** A heading over a day's messages: today, yesterday, the date. */
  const dayHeading = (iso: string, now: Date) => {
    const date = new Date(iso)
    const ago = daysAgo(date, now)
    if (ago === 0) return t.messages.today
    if (ago === 1) return t.messages.yesterday
    return (date.getFullYear() === now.getFullYear() ? dayMonth : full).format(date)
  }

  /** As short as a chat list needs: the time today, the weekday within a week, then the date. */
  const brief = (iso: string, now: Date) => {
    const date = new Date(iso)
    const ago = daysAgo(date, now)
    if (ago <= 0) return clock.format(date)
    if (ago < 7) return weekday.format(date)
    return (date.getFullYear() === now.getFullYear() ? short : numeric).format(date)
  }

  /** When somebody was last here: `5 minutes ago`, `yesterday`, a date. */
  const lastSeen = (iso: string, now: Date) => {
    const date = new Date(iso)
    const elapsed = now.getTime() - date.getTime()
    if (elapsed < minute) return t.presence.justNow
    const ago = daysAgo(date, now)
    const minutes = Math.floor(elapsed / minute)
    if (minutes < 60) return t.presence.lastSeen(relative.format(-minutes, 'minute'))
    if (ago === 0) return t.presence.lastSeen(relative.format(-Math.floor(minutes / 60), 'hour'))
    if (ago < 7) return t.presence.lastSeen(relative.format(-ago, 'day'))
    return t.presence.lastSeen(dayHeading(iso, now))
  }

  /** A day in a few letters: `3 Mar`, with its year when it is another. */
  const date = (iso: string, now: Date) => {
    const day = new Date(iso)
    return (day.getFullYear() === now.getFullYear() ? short : numeric).format(day)
  }

  /** Day and time: `3 March at 14:05`. */
  const moment = (iso: string) => dayTime.format(new Date(iso))

  return { time, dayHeading, brief, lastSeen, date, moment }
}
