import { SignallingError } from '@beseda/client/calls/signalling'
import { RequestError } from '@beseda/client/rest'
import type { Dictionary } from '../i18n/ru.ts'

/** A sentence for whoever has to live with the error. */
export function errorText(t: Dictionary, error: unknown): string {
  const words: Record<string, string> = t.errors
  const wait = waitOf(error)
  if (wait > 0) return t.waits.tooOften(spanText(t, wait))
  if (error instanceof RequestError) return words[error.code] ?? t.errors.UNKNOWN
  if (error instanceof SignallingError) return words[error.code] ?? t.errors.NO_SFU
  return t.errors.UNKNOWN
}

/** Seconds after which the server takes the refused request again; 0 when it did not ask to wait. */
export function waitOf(error: unknown): number {
  const asked = error instanceof RequestError && error.code === 'RATE_LIMITED'
  return asked ? (error.retryAfter ?? 0) : 0
}

/** Seconds in words, never less than they are: `40 seconds`, `2 minutes`, `3 hours`. */
function spanText(t: Dictionary, seconds: number): string {
  if (seconds <= 90) return t.waits.seconds(Math.ceil(seconds))
  const minutes = Math.ceil(seconds / 60)
  return minutes <= 90 ? t.waits.minutes(minutes) : t.waits.hours(Math.ceil(minutes / 60))
}
