import type { Message, SystemEvent } from '@beseda/protocol/messages'
import { and, eq, sql } from 'drizzle-orm'
import { v7 } from 'uuid'
import { chats } from '../chats/schema.ts'
import type { Database, Transaction } from '../db/database.ts'
import { refuse } from '../errors.ts'
import { type MessageRow, messages } from './schema.ts'
import { searchWordsOf } from './search-words.ts'
import { selectMessages, showMessages } from './view.ts'

type Content = Pick<MessageRow, 'senderId' | 'clientId' | 'body' | 'system'> &
  Partial<Pick<MessageRow, 'replyToId' | 'mentions'>>

/**
 * Append a message to its chat with the chat's next `seq`. The update holds the
 * chat's row until the transaction ends, so that no number is skipped or given twice.
 *
 * @returns the message's id, or undefined when the sender used the client id before
 */
export async function appendMessage(
  tx: Transaction,
  chatId: string,
  content: Content,
): Promise<string | undefined> {
  const createdAt = new Date()
  const [chat] = await tx
    .update(chats)
    .set({ lastSeq: sql`${chats.lastSeq} + 1`, lastActivityAt: createdAt })
    .where(eq(chats.id, chatId))
    .returning({ seq: chats.lastSeq })
  if (!chat) return undefined
  const searchWords = searchWordsOf(content.body)
  const [row] = await tx
    .insert(messages)
    .values({ id: v7(), chatId, seq: chat.seq, createdAt, searchWords, ...content })
    .onConflictDoNothing({ target: [messages.senderId, messages.clientId] })
    .returning({ id: messages.id })
  return row?.id
}

/**
 * A message as everybody sees it, reactions left out.
 *
 * @throws when there is no such message
 */
export async function getMessage(db: Database | Transaction, id: string): Promise<Message> {
  const rows = await selectMessages(db).where(eq(messages.id, id))
  const [message] = await showMessages(db, rows, null)
  if (!message) throw new Error(`message ${id} does not exist`)
  return message
}

/**
 * A message of a chat as one reader sees it.
 *
 * @throws Refusal NOT_FOUND
 */
export async function readMessage(
  db: Database | Transaction,
  { chatId, messageId }: { chatId: string; messageId: string },
  readerId: string,
): Promise<Message> {
  const rows = await selectMessages(db).where(
    and(eq(messages.id, messageId), eq(messages.chatId, chatId)),
  )
  const [message] = await showMessages(db, rows, readerId)
  if (!message) throw refuse('NOT_FOUND', 'There is no such message.')
  return message
}

/**
 * Write what happened into a chat, in the transaction in which it happens. The
 * caller publishes `message.created` with the answer after commit.
 */
export async function writeSystemMessage(
  tx: Transaction,
  chatId: string,
  actorId: string,
  event: SystemEvent,
): Promise<Message> {
  const id = await appendMessage(tx, chatId, {
    senderId: actorId,
    clientId: null,
    body: '',
    system: event,
  })
  if (id === undefined) throw new Error(`chat ${chatId} does not exist`)
  return getMessage(tx, id)
}
