import type { Device } from '@beseda/protocol/auth'
import { closeCodes } from '@beseda/protocol/errors'
import { and, desc, eq, isNotNull, lt, ne, or } from 'drizzle-orm'
import type { Database, Transaction } from '../db/database.ts'
import { refuse } from '../errors.ts'
import type { Bus } from '../events/bus.ts'
import { sessions } from './schema.ts'
import { isOpenNow } from './sessions.ts'

/**
 * Where a user is signed in, the last one used first.
 *
 * @param current the session that asks, which is marked
 */
export async function listDevices(
  db: Database,
  userId: string,
  current: string | null,
): Promise<Device[]> {
  const rows = await db
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, userId), isOpenNow()))
    .orderBy(desc(sessions.rotatedAt), desc(sessions.id))
  return rows.map(({ id, createdAt, rotatedAt, ip, userAgent }) => ({
    id,
    createdAt: createdAt.toISOString(),
    lastSeenAt: rotatedAt.toISOString(),
    ip,
    userAgent,
    current: id === current,
  }))
}

/**
 * End one of a user's sessions.
 *
 * @throws Refusal NOT_FOUND when it is not theirs or has ended
 */
export async function endDevice(
  tx: Database | Transaction,
  userId: string,
  sessionId: string,
): Promise<void> {
  const ended = await tx
    .update(sessions)
    .set({ revokedAt: new Date() })
    .where(and(eq(sessions.id, sessionId), eq(sessions.userId, userId), isOpenNow()))
    .returning({ id: sessions.id })
  if (ended.length === 0) throw refuse('NOT_FOUND', 'There is no such session.')
}

/** End all sessions of a user, but for one that is named. Answers which ended. */
export async function endDevices(
  tx: Database | Transaction,
  userId: string,
  except?: string,
): Promise<string[]> {
  const others = except === undefined ? undefined : ne(sessions.id, except)
  const ended = await tx
    .update(sessions)
    .set({ revokedAt: new Date() })
    .where(and(eq(sessions.userId, userId), isOpenNow(), others))
    .returning({ id: sessions.id })
  return ended.map(({ id }) => id)
}

/** Every server closes the sockets of sessions that have ended, and takes their tokens no longer. */
export function tellEnded(bus: Bus, sessionIds: string[]): void {
  for (const sessionId of sessionIds) bus.closeSockets({ sessionId }, closeCodes.unauthorized)
}

/** Delete the sessions that are over: nothing is asked about them any more. */
export async function sweepSessions(db: Database, now = new Date()): Promise<void> {
  await db.delete(sessions).where(or(lt(sessions.expiresAt, now), isNotNull(sessions.revokedAt)))
}
