import { limits } from '@beseda/protocol/limits'
import type { ReadAnswer } from '@beseda/protocol/messages'
import {
  and,
  arrayContains,
  eq,
  gt,
  inArray,
  isNull,
  lte,
  max,
  ne,
  or,
  type SQL,
  sql,
} from 'drizzle-orm'
import { loadMembership } from '../chats/membership.ts'
import { chatMembers } from '../chats/schema.ts'
import type { Database, Transaction } from '../db/database.ts'
import type { Bus } from '../events/bus.ts'
import { isMentioning, messages } from './schema.ts'

/**
 * Move a member's read marker forward and tell the chat. It never moves back,
 * nor past the newest message.
 *
 * @throws Refusal NOT_FOUND
 */
export async function markRead(
  { db, bus }: { db: Database; bus: Bus },
  chatId: string,
  userId: string,
  asked: number,
): Promise<ReadAnswer> {
  const { chat, member } = await loadMembership(db, chatId, userId)
  const wanted = Math.min(asked, chat.lastSeq)
  if (wanted <= member.readSeq) {
    return { seq: member.readSeq, ...(await unreadUpTo(db, chat, userId)) }
  }
  const [moved] = await db
    .update(chatMembers)
    .set({ readSeq: sql`greatest(${chatMembers.readSeq}, ${wanted}::bigint)` })
    .where(and(eq(chatMembers.chatId, chatId), eq(chatMembers.userId, userId)))
    .returning({ seq: chatMembers.readSeq })
  const seq = moved?.seq ?? wanted
  bus.publish({ chatId }, { type: 'read.updated', chatId, userId, seq })
  return { seq, ...(await unreadUpTo(db, chat, userId)) }
}

/** What a member has not read of what others wrote, and how much of it mentions them. */
type Unread = { count: number; mentions: number }

/**
 * What a user has not read, by chat; a chat where that is nothing is left out.
 * Messages are counted up to `limits.unreadMax`, mentions all; with `upTo`, a `seq`,
 * what was written after it is left out.
 */
export async function unreadCounts(
  db: Database | Transaction,
  chatIds: string[],
  userId: string,
  upTo?: number,
): Promise<Map<string, Unread>> {
  if (chatIds.length === 0) return new Map()
  const unread = and(isUnread(userId), upTo === undefined ? undefined : lte(messages.seq, upTo))
  const mentions = await unreadMentions(db, chatIds, userId, unread)
  const some = db
    .select({ id: messages.id })
    .from(messages)
    .where(and(eq(messages.chatId, chatMembers.chatId), unread))
    // Has the planner go by the chat's numbers; it would look through all messages for the first thousand.
    .orderBy(messages.seq)
    .limit(limits.unreadMax)
    .as('some')
  const rows = await db
    .select({ chatId: chatMembers.chatId, count: sql<number>`count(*)::int` })
    .from(chatMembers)
    .crossJoinLateral(some)
    .where(and(inArray(chatMembers.chatId, chatIds), eq(chatMembers.userId, userId)))
    .groupBy(chatMembers.chatId)
  return new Map(
    rows.map(({ chatId, count }) => [chatId, { count, mentions: mentions.get(chatId) ?? 0 }]),
  )
}

async function unreadMentions(
  db: Database | Transaction,
  chatIds: string[],
  userId: string,
  unread: SQL | undefined,
): Promise<Map<string, number>> {
  const rows = await db
    .select({ chatId: messages.chatId, count: sql<number>`count(*)::int` })
    .from(messages)
    .innerJoin(
      chatMembers,
      and(eq(chatMembers.chatId, messages.chatId), eq(chatMembers.userId, userId)),
    )
    .where(
      and(
        inArray(messages.chatId, chatIds),
        unread,
        arrayContains(messages.mentions, [userId]),
        isMentioning(messages.mentions),
      ),
    )
    .groupBy(messages.chatId)
  return new Map(rows.map(({ chatId, count }) => [chatId, count]))
}

/** Somebody else wrote the message after what the member has read. */
function isUnread(userId: string): SQL | undefined {
  return and(
    gt(messages.seq, chatMembers.readSeq),
    isNull(messages.system),
    isNull(messages.deletedAt),
    or(isNull(messages.senderId), ne(messages.senderId, userId)),
  )
}

/** The furthest that any other member has read, by chat; a chat without others is left out. */
export async function othersReadSeqs(
  db: Database | Transaction,
  chatIds: string[],
  userId: string,
): Promise<Map<string, number>> {
  if (chatIds.length === 0) return new Map()
  const rows = await db
    .select({ chatId: chatMembers.chatId, seq: max(chatMembers.readSeq) })
    .from(chatMembers)
    .where(and(inArray(chatMembers.chatId, chatIds), ne(chatMembers.userId, userId)))
    .groupBy(chatMembers.chatId)
  return new Map(rows.map(({ chatId, seq }) => [chatId, seq ?? 0]))
}

/** What stands unread among the messages that the chat had when it was looked up. */
async function unreadUpTo(db: Database, chat: { id: string; lastSeq: number }, userId: string) {
  const unread = await unreadCounts(db, [chat.id], userId, chat.lastSeq)
  const { count = 0, mentions = 0 } = unread.get(chat.id) ?? {}
  return { lastSeq: chat.lastSeq, unreadCount: count, mentionCount: mentions }
}
