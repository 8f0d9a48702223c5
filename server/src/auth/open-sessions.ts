import type { AccessClaims } from '@beseda/protocol/auth'
import { closeCodes } from '@beseda/protocol/errors'
import type { Database } from '../db/database.ts'
import { refuse } from '../errors.ts'
import type { Delivery } from '../events/bus.ts'
import { isSessionOpen } from './sessions.ts'

/** Milliseconds after which a session is looked up again, though nothing was heard of it. */
const knownMs = 60_000
const knownMax = 10_000

type Deps = {
  db: Database
  /** Whether this server hears at once of sessions that end on others. */
  hears: () => boolean
  now?: () => number
}

/** Knows which sessions are open, so that an access token dies with its session. */
export type OpenSessions = ReturnType<typeof makeOpenSessions>

/**
 * Build what asks the database once a minute for each session in use, and remembers. Whoever ends
 * a session closes its sockets by the bus: every server hears that and forgets the session. While
 * the bus is away nothing is remembered.
 */
export function makeOpenSessions({ db, hears, now = Date.now }: Deps) {
  const known = new Map<string, { userId: string; until: number }>()
  /** Counts what was forgotten: an answer from before must not be remembered after it. */
  let forgotten = 0

  function forget(which: (sessionId: string, userId: string) => boolean) {
    forgotten += 1
    for (const [sessionId, { userId }] of known) {
      if (which(sessionId, userId)) known.delete(sessionId)
    }
  }

  function remember({ sid, sub }: AccessClaims) {
    const [oldest] = known.keys()
    if (known.size >= knownMax && oldest !== undefined) known.delete(oldest)
    known.set(sid, { userId: sub, until: now() + knownMs })
  }

  async function isOpen(claims: AccessClaims): Promise<boolean> {
    if (!hears()) forget(() => true)
    if ((known.get(claims.sid)?.until ?? 0) > now()) return true
    const before = forgotten
    const open = await isSessionOpen(db, claims.sid)
    if (open && before === forgotten && hears()) remember(claims)
    return open
  }

  return {
    /** @throws Refusal SESSION_REVOKED */
    async require(claims: AccessClaims): Promise<void> {
      if (!(await isOpen(claims))) {
        throw refuse('SESSION_REVOKED', 'The session has ended. Sign in again.')
      }
    },
    /** Sockets are closed somewhere: of sessions that ended, or because events were lost. */
    hear({ audience, close }: Delivery) {
      if (audience === 'everyone') forget(() => true)
      else if (close !== closeCodes.unauthorized) return
      else if ('sessionId' in audience) forget((sessionId) => sessionId === audience.sessionId)
      else if ('userIds' in audience) forget((_, userId) => audience.userIds.includes(userId))
    },
  }
}
