import type { Page } from '@beseda/protocol/pages'
import { and, desc, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Database, Transaction } from '../db/database.ts'
import { cutPage, momentSchema, parseCursor } from '../http/cursor.ts'
import type { Membership } from './membership.ts'
import { chatMembers, chats } from './schema.ts'

const placeSchema = z.tuple([momentSchema, z.uuid()])

/** Ids of all chats that a user is in. */
export async function chatIdsOf(db: Database | Transaction, userId: string): Promise<string[]> {
  const rows = await db
    .select({ id: chatMembers.chatId })
    .from(chatMembers)
    .where(eq(chatMembers.userId, userId))
  return rows.map((row) => row.id)
}

/** The newest `seq` of each chat that a user is in. */
export async function chatHeads(db: Database, userId: string): Promise<Map<string, number>> {
  const rows = await db
    .select({ id: chats.id, lastSeq: chats.lastSeq })
    .from(chats)
    .innerJoin(chatMembers, and(eq(chatMembers.chatId, chats.id), eq(chatMembers.userId, userId)))
  return new Map(rows.map((row) => [row.id, row.lastSeq]))
}

/** A page of a user's chats, the one with the newest message first. */
export async function listChats(
  db: Database,
  userId: string,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<Page<Membership>> {
  const place = parseCursor(placeSchema, cursor)
  const rows = await db
    .select({ chat: chats, member: chatMembers })
    .from(chats)
    .innerJoin(chatMembers, and(eq(chatMembers.chatId, chats.id), eq(chatMembers.userId, userId)))
    .where(
      place &&
        sql`(${chats.lastActivityAt}, ${chats.id}) < (${place[0]}::timestamptz, ${place[1]}::uuid)`,
    )
    .orderBy(desc(chats.lastActivityAt), desc(chats.id))
    .limit(limit + 1)
  return cutPage(rows, limit, ({ chat }) => [chat.lastActivityAt.toISOString(), chat.id])
}
