import type { CallRecord } from '@beseda/protocol/calls'
import type { Page } from '@beseda/protocol/pages'
import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Database } from '../db/database.ts'
import { cutPage, momentSchema, parseCursor } from '../http/cursor.ts'
import { users } from '../users/schema.ts'
import { callParticipants, calls } from './schema.ts'

type Participants = CallRecord['participants']

const userColumns = {
  id: users.id,
  username: users.username,
  displayName: users.displayName,
  avatarId: users.avatarId,
}

const placeSchema = z.tuple([momentSchema, z.uuid()])

/**
 * A page of a chat's calls with who was in them, newest first.
 *
 * @throws Refusal VALIDATION for a cursor that is not from a page of this list
 */
export async function listCalls(
  db: Database,
  chatId: string,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<Page<CallRecord>> {
  const place = parseCursor(placeSchema, cursor)
  const older =
    place && sql`(${calls.createdAt}, ${calls.id}) < (${place[0]}::timestamptz, ${place[1]}::uuid)`
  const rows = await db
    .select({ call: calls, initiator: userColumns })
    .from(calls)
    .leftJoin(users, eq(users.id, calls.initiatorId))
    .where(and(eq(calls.chatId, chatId), older))
    .orderBy(desc(calls.createdAt), desc(calls.id))
    .limit(limit + 1)
  const page = cutPage(rows, limit, ({ call }) => [call.createdAt.toISOString(), call.id])
  const participants = await participantsOf(
    db,
    page.items.map(({ call }) => call.id),
  )
  const items = page.items.map(({ call, initiator }) => ({
    id: call.id,
    chatId,
    initiator,
    type: call.type,
    createdAt: call.createdAt.toISOString(),
    answeredAt: call.answeredAt?.toISOString() ?? null,
    endedAt: call.endedAt?.toISOString() ?? null,
    outcome: call.outcome,
    reason: call.reason,
    durationSeconds: durationOf(call),
    participants: participants.get(call.id) ?? [],
  }))
  return { items, nextCursor: page.nextCursor }
}

function durationOf({ answeredAt, endedAt }: typeof calls.$inferSelect): number {
  if (answeredAt === null) return 0
  return Math.round(((endedAt?.getTime() ?? Date.now()) - answeredAt.getTime()) / 1000)
}

/** The stays of each call, in the order in which they began. */
async function participantsOf(db: Database, callIds: string[]) {
  const byCall = new Map<string, Participants>()
  if (callIds.length === 0) return byCall
  const rows = await db
    .select({ stay: callParticipants, user: userColumns })
    .from(callParticipants)
    .innerJoin(users, eq(users.id, callParticipants.userId))
    .where(inArray(callParticipants.callId, callIds))
    .orderBy(asc(callParticipants.joinedAt))
  for (const { stay, user } of rows) {
    const joinedAt = stay.joinedAt.toISOString()
    const leftAt = stay.leftAt?.toISOString() ?? null
    const participant = { user, joinedAt, leftAt, reason: stay.reason }
    byCall.set(stay.callId, [...(byCall.get(stay.callId) ?? []), participant])
  }
  return byCall
}
