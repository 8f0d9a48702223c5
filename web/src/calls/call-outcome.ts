import type { CallRecord } from '@beseda/protocol/calls'
import type { Dictionary } from '../i18n/ru.ts'
import { formatDuration } from '../i18n/times.ts'

/** How a call of the history went, for this user: how long it took, or what became of it. */
export function outcomeText(
  t: Dictionary,
  { outcome, reason, durationSeconds, initiator }: CallRecord,
  selfId: string,
): string {
  const words = t.calls.history
  switch (outcome) {
    case null:
      return words.on
    case 'declined':
      return words.declined
    case 'missed':
      if (reason === 'cancelled') return words.cancelled
      return initiator?.id === selfId ? words.unanswered : words.missed
    case 'failed':
      return words.failed(formatDuration(durationSeconds))
    case 'ended':
      return formatDuration(durationSeconds)
  }
}

/** Everybody who was in a call, each once, in the order in which they came. */
export function namesOf({ participants }: CallRecord): string[] {
  return [...new Map(participants.map(({ user }) => [user.id, user.displayName])).values()]
}
