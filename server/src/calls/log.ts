import type { Message, SystemEvent } from '@beseda/protocol/messages'
import type { LeaveReason } from '@beseda/protocol/signalling'
import { and, eq, isNull, lt, lte, or, sql } from 'drizzle-orm'
import type { Database, Transaction } from '../db/database.ts'
import { writeSystemMessage } from '../messages/store.ts'
import { users } from '../users/schema.ts'
import { callParticipants, calls } from './schema.ts'
import { type CallState, outcomeOf, reasonOf } from './snapshot.ts'

/** Write that a call began, with its message; nothing (and no messages) when that is written already. */
export function recordStart(db: Database, call: CallState): Promise<Message[]> {
  return db.transaction((tx) => insertCall(tx, call))
}

/** Write when the call was first answered. */
export async function recordAnswer(db: Database, { id, answeredAt }: CallState): Promise<void> {
  if (answeredAt === null) return
  await db
    .update(calls)
    .set({ answeredAt: new Date(answeredAt) })
    .where(and(eq(calls.id, id), isNull(calls.answeredAt)))
}

/** Write how an ended call ended, with its message; null when that is written already. */
export function recordEnd(db: Database, call: CallState): Promise<Message[] | null> {
  const { id, answeredAt, endedAt } = call
  if (endedAt === null) throw new Error(`call ${id} has not ended`)
  const ended = { at: new Date(endedAt), outcome: outcomeOf(call) }
  return db.transaction(async (tx) => {
    const started = await insertCall(tx, call)
    const [row] = await tx
      .update(calls)
      .set({
        endedAt: ended.at,
        outcome: ended.outcome,
        reason: reasonOf(call),
        answeredAt: dateOrNull(answeredAt),
      })
      .where(and(eq(calls.id, id), isNull(calls.endedAt)))
      .returning({ id: calls.id })
    if (!row) return null
    await tx
      .update(callParticipants)
      .set({ leftAt: ended.at, reason: 'ended' })
      .where(and(eq(callParticipants.callId, id), isNull(callParticipants.leftAt)))
    const durationSeconds = answeredAt === null ? 0 : Math.round((endedAt - answeredAt) / 1000)
    const told = { event: 'call.ended' as const, outcome: ended.outcome, durationSeconds }
    return [...started, await tell(tx, call, told)]
  })
}

/** Write that somebody came in; a join that is told twice is one stay. */
export async function recordJoined(
  db: Database,
  callId: string,
  userId: string,
  at: number,
): Promise<void> {
  const joinedAt = new Date(at)
  const sameUser = and(eq(callParticipants.callId, callId), eq(callParticipants.userId, userId))
  const before = and(lt(callParticipants.joinedAt, joinedAt), isNull(callParticipants.leftAt))
  await db.transaction(async (tx) => {
    await tx
      .update(callParticipants)
      .set({ leftAt: joinedAt, reason: 'lost' })
      .where(and(sameUser, before))
    // Another server may have written the end already.
    const leftAt = sql`(SELECT ended_at FROM calls WHERE id = ${callId})`
    await tx
      .insert(callParticipants)
      .values({ callId, userId, joinedAt, leftAt })
      .onConflictDoNothing()
  })
}

/** Write that the stay that began at `joinedAt` (ms) is over, whether or not its beginning is written. */
export async function recordLeft(
  db: Database,
  callId: string,
  userId: string,
  joinedAt: number,
  reason: LeaveReason,
  at: number,
): Promise<void> {
  const left = { leftAt: new Date(at), reason }
  await db
    .insert(callParticipants)
    .values({ callId, userId, joinedAt: new Date(joinedAt), ...left })
    .onConflictDoUpdate({
      target: [callParticipants.callId, callParticipants.userId, callParticipants.joinedAt],
      set: left,
      // A later stay that was told first could only guess that this one was lost.
      setWhere: or(isNull(callParticipants.reason), eq(callParticipants.reason, 'lost')),
    })
}

/** Write that everybody who was in at that moment (ms) is lost: their media server died. */
export async function recordLost(db: Database, callId: string, at: number): Promise<void> {
  const leftAt = new Date(at)
  await db
    .update(callParticipants)
    .set({ leftAt, reason: 'lost' })
    .where(
      and(
        eq(callParticipants.callId, callId),
        lte(callParticipants.joinedAt, leftAt),
        isNull(callParticipants.leftAt),
      ),
    )
}

async function insertCall(tx: Transaction, call: CallState): Promise<Message[]> {
  const { id, chatId, initiatorId, type, createdAt, answeredAt } = call
  const [row] = await tx
    .insert(calls)
    .values({
      id,
      chatId,
      initiatorId,
      type,
      createdAt: new Date(createdAt),
      answeredAt: dateOrNull(answeredAt),
    })
    .onConflictDoNothing()
    .returning({ id: calls.id })
  return row ? [await tell(tx, call, { event: 'call.started' })] : []
}

type Told =
  | { event: 'call.started' }
  | Pick<Extract<SystemEvent, { event: 'call.ended' }>, 'event' | 'outcome' | 'durationSeconds'>

async function tell(tx: Transaction, call: CallState, told: Told): Promise<Message> {
  const { id, chatId, initiatorId, type } = call
  const [user] = await tx
    .select({ displayName: users.displayName })
    .from(users)
    .where(eq(users.id, initiatorId))
  const actor = { id: initiatorId, displayName: user?.displayName ?? '' }
  return writeSystemMessage(tx, chatId, initiatorId, { ...told, actor, callId: id, callType: type })
}

const dateOrNull = (ms: number | null) => (ms === null ? null : new Date(ms))
