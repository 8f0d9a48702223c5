import type { Logger } from 'pino'
import { allow, loadMembership } from '../chats/membership.ts'
import type { Database } from '../db/database.ts'
import { Refusal } from '../errors.ts'
import type { Bus } from './bus.ts'

/** Milliseconds between two words of the same writing. */
const pauseMs = 2_000

/** Passes on that a socket's user writes: never kept, and dropped in silence where it has no place. */
export function makeTyping(
  { db, bus, log }: { db: Database; bus: Bus; log: Logger },
  now = Date.now,
) {
  const passedAt = new Map<string, number>()

  function isTooSoon(chatId: string): boolean {
    for (const [id, at] of passedAt) if (now() - at >= pauseMs) passedAt.delete(id)
    if (passedAt.has(chatId)) return true
    passedAt.set(chatId, now())
    return false
  }

  async function tell(userId: string, chatId: string) {
    allow(await loadMembership(db, chatId, userId), { do: 'post' })
    bus.publish({ chatId, exceptUserId: userId }, { type: 'typing', chatId, userId })
  }

  return {
    /** Tell the chat's other members, at most once in two seconds. */
    pass(userId: string, chatId: string) {
      if (isTooSoon(chatId)) return
      tell(userId, chatId).catch((err) => {
        if (!(err instanceof Refusal)) log.warn({ err }, 'that somebody writes could not be told')
      })
    },
  }
}
