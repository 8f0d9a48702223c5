import type { StoredFile } from '@beseda/protocol/files'
import type { Message, Reaction } from '@beseda/protocol/messages'
import { asc, eq, getTableColumns, inArray, min, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Database, Transaction } from '../db/database.ts'
import { users } from '../users/schema.ts'
import { attachmentsOf } from './attachments.ts'
import { type MessageRow, messages, reactions } from './schema.ts'

/** How much of a message a reply quotes, in characters. */
const excerptMax = 120

const quoted = alias(messages, 'quoted')
const quotedSender = alias(users, 'quoted_sender')

const { searchWords: _unseen, ...columns } = getTableColumns(messages)
/** What of a message anybody reads. */
export const visibleColumns = columns

/** Spelled out twice because a column's type names its table. */
const senderColumns = {
  id: users.id,
  username: users.username,
  displayName: users.displayName,
  avatarId: users.avatarId,
}
const quotedSenderColumns = {
  id: quotedSender.id,
  username: quotedSender.username,
  displayName: quotedSender.displayName,
  avatarId: quotedSender.avatarId,
}

/** A message with what stands beside it in other rows; reactions and files come apart. */
export type MessageRecord = {
  message: Omit<MessageRow, 'searchWords'>
  sender: Message['sender']
  quote: { id: string; seq: number } | null
  excerpt: string | null
  quoteSender: Message['sender']
}

/** Start a query of messages with their senders and quotes; its rows go to `showMessages`. */
export function selectMessages(db: Database | Transaction) {
  return db
    .select({
      message: visibleColumns,
      sender: senderColumns,
      quote: { id: quoted.id, seq: quoted.seq },
      excerpt: sql<string | null>`left(${quoted.body}, ${excerptMax}::int)`,
      quoteSender: quotedSenderColumns,
    })
    .from(messages)
    .leftJoin(users, eq(users.id, messages.senderId))
    .leftJoin(quoted, eq(quoted.id, messages.replyToId))
    .leftJoin(quotedSender, eq(quotedSender.id, quoted.senderId))
    .$dynamic()
}

/**
 * Messages as one reader sees them, in the same order; without a reader as
 * everybody sees them, reactions left out.
 */
export async function showMessages(
  db: Database | Transaction,
  records: MessageRecord[],
  readerId: string | null,
): Promise<Message[]> {
  const ids = records.map(({ message }) => message.id)
  const quotedIds = records.flatMap(({ quote }) => quote?.id ?? [])
  const attachments = await attachmentsOf(db, [...new Set([...ids, ...quotedIds])])
  const marks = readerId === null ? new Map() : await reactionsOf(db, ids, readerId)
  return records.map((record) => toMessage(record, attachments, marks))
}

/** A new message that quotes nothing and carries nothing, as everybody sees it. */
export function showBareMessage(
  message: MessageRecord['message'],
  sender: Message['sender'],
): Message {
  const record = { message, sender, quote: null, excerpt: null, quoteSender: null }
  return toMessage(record, new Map(), new Map())
}

/** @param attachments of the messages and of those that they quote */
function toMessage(
  { message, sender, quote, excerpt, quoteSender }: MessageRecord,
  attachments: Map<string, StoredFile[]>,
  marks: Map<string, Reaction[]>,
): Message {
  const { id, chatId, seq, clientId, body, system, mentions } = message
  return {
    id,
    chatId,
    seq,
    sender,
    clientId,
    body,
    system,
    replyTo: quote && {
      ...quote,
      sender: quoteSender,
      excerpt: excerpt ?? '',
      attachment: attachments.get(quote.id)?.[0]?.kind ?? null,
    },
    attachments: attachments.get(id) ?? [],
    reactions: marks.get(id) ?? [],
    mentions,
    pinnedAt: message.pinnedAt?.toISOString() ?? null,
    createdAt: message.createdAt.toISOString(),
    editedAt: message.editedAt?.toISOString() ?? null,
    deletedAt: message.deletedAt?.toISOString() ?? null,
  }
}

/** The reactions of each message, the emoji that came first before the others. */
async function reactionsOf(
  db: Database | Transaction,
  messageIds: string[],
  readerId: string,
): Promise<Map<string, Reaction[]>> {
  if (messageIds.length === 0) return new Map()
  const rows = await db
    .select({
      messageId: reactions.messageId,
      emoji: reactions.emoji,
      count: sql<number>`count(*)::int`,
      mine: sql<boolean>`bool_or(${reactions.userId} = ${readerId})`,
    })
    .from(reactions)
    .where(inArray(reactions.messageId, messageIds))
    .groupBy(reactions.messageId, reactions.emoji)
    .orderBy(asc(min(reactions.createdAt)), asc(reactions.emoji))
  const byMessage = Map.groupBy(rows, ({ messageId }) => messageId)
  return new Map(
    [...byMessage].map(([id, marks]) => [
      id,
      marks.map(({ emoji, count, mine }) => ({ emoji, count, mine })),
    ]),
  )
}
