import { closeCodes } from '@beseda/protocol/errors'
import { and, eq, gt, isNull } from 'drizzle-orm'
import { v7 } from 'uuid'
import type { Database, Transaction } from '../db/database.ts'
import { refuse } from '../errors.ts'
import type { Bus } from '../events/bus.ts'
import { hashSecret, newSecret, type RefreshToken } from './refresh-token.ts'
import { sessions } from './schema.ts'

/** Seconds that a session lives without a refresh. */
export const sessionSeconds = 30 * 24 * 60 * 60

/** Milliseconds in which the token before the current one is still good: two tabs refresh at once. */
const graceMs = 10_000

/** A session, and the refresh token to hand out when there is a new one. */
export type Rotation = { userId: string; sessionId: string; refresh?: RefreshToken }

/** Where a session is used from. */
export type Place = { ip: string; userAgent: string | null }

/** Open a session for a user who has just proved who they are. */
export async function openSession(
  tx: Database | Transaction,
  userId: string,
  place: Place,
): Promise<Required<Rotation>> {
  const refresh = { sessionId: v7(), secret: newSecret() }
  const now = new Date()
  await tx.insert(sessions).values({
    id: refresh.sessionId,
    userId,
    tokenHash: hashSecret(refresh.secret),
    rotatedAt: now,
    expiresAt: expiry(now),
    createdAt: now,
    ...place,
  })
  return { userId, sessionId: refresh.sessionId, refresh }
}

/**
 * Exchange a refresh token for the next one. A token that was exchanged before
 * shows that somebody else holds it, and ends the session for both.
 *
 * @throws Refusal SESSION_REVOKED
 */
export async function rotateSession(
  { db, bus }: { db: Database; bus: Bus },
  token: RefreshToken | undefined,
  place: Place,
): Promise<Rotation> {
  if (!token) throw revoked()
  const rotation = await db.transaction((tx) => rotate(tx, token, place))
  if (rotation) return rotation
  bus.closeSockets({ sessionId: token.sessionId }, closeCodes.unauthorized)
  throw revoked()
}

/** End a session and close its event sockets on every server. */
export async function revokeSession({ db, bus }: { db: Database; bus: Bus }, sessionId: string) {
  await db.update(sessions).set({ revokedAt: new Date() }).where(eq(sessions.id, sessionId))
  bus.closeSockets({ sessionId }, closeCodes.unauthorized)
}

/** End the session of a refresh token, when it is that session's current or last one. */
export async function revokeByToken(services: { db: Database; bus: Bus }, token: RefreshToken) {
  const [session] = await services.db
    .select({ tokenHash: sessions.tokenHash, previousHash: sessions.previousHash })
    .from(sessions)
    .where(eq(sessions.id, token.sessionId))
  const hash = hashSecret(token.secret)
  if (!session || (session.tokenHash !== hash && session.previousHash !== hash)) return
  await revokeSession(services, token.sessionId)
}

/** Whether a session is still good. */
export async function isSessionOpen(db: Database, sessionId: string): Promise<boolean> {
  const rows = await db.select({ id: sessions.id }).from(sessions).where(openSessionIs(sessionId))
  return rows.length > 0
}

async function rotate(
  tx: Transaction,
  token: RefreshToken,
  place: Place,
): Promise<Rotation | undefined> {
  const [session] = await tx
    .select()
    .from(sessions)
    .where(openSessionIs(token.sessionId))
    .for('update')
  if (!session) return undefined
  const now = new Date()
  const own = { userId: session.userId, sessionId: session.id }
  const hash = hashSecret(token.secret)

  if (hash === session.tokenHash) {
    const secret = newSecret()
    await tx
      .update(sessions)
      .set({
        tokenHash: hashSecret(secret),
        previousHash: hash,
        rotatedAt: now,
        expiresAt: expiry(now),
        ...place,
      })
      .where(eq(sessions.id, session.id))
    return { ...own, refresh: { sessionId: session.id, secret } }
  }
  // The winner's answer has set the new cookie for both tabs: a second one would undo it.
  const inGrace = now.getTime() - session.rotatedAt.getTime() <= graceMs
  if (hash === session.previousHash && inGrace) return own

  await tx.update(sessions).set({ revokedAt: now }).where(eq(sessions.id, session.id))
  return undefined
}

/** Holds of sessions that are neither ended nor expired. */
export function isOpenNow() {
  return and(isNull(sessions.revokedAt), gt(sessions.expiresAt, new Date()))
}

const openSessionIs = (sessionId: string) => and(eq(sessions.id, sessionId), isOpenNow())

function expiry(now: Date): Date {
  return new Date(now.getTime() + sessionSeconds * 1000)
}

function revoked() {
  return refuse('SESSION_REVOKED', 'The session has ended. Sign in again.')
}
