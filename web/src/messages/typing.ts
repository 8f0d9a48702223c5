import type { UserRef } from '@beseda/protocol/users'
import type { Dictionary } from '../i18n/ru.ts'

/** Said again no more often than this while one writes, in milliseconds. */
const repeatMs = 3_000

/** Tells the server that one writes, now and then; what is written after `sent` is told at once. */
export function makeTypingSignal(send: () => void): { signal: () => void; sent: () => void } {
  let last = Number.NEGATIVE_INFINITY
  return {
    signal() {
      const now = performance.now()
      if (now - last < repeatMs) return
      last = now
      send()
    },
    sent() {
      last = Number.NEGATIVE_INFINITY
    },
  }
}

/** Who writes, in words; empty when nobody does. Null instead of names says it without one. */
export function typingText(t: Dictionary, userIds: string[], known: UserRef[] | null): string {
  const [only] = userIds
  if (only === undefined) return ''
  if (known === null) return t.messages.typing
  const name = known.find((user) => user.id === only)?.displayName
  return userIds.length === 1 && name
    ? t.messages.typingNames(name)
    : t.messages.typingMany(userIds.length)
}
