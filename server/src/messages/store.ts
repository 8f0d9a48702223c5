import type { Message, SystemEvent } from '@beseda/protocol/messages'
import type { Role } from '@beseda/protocol/permissions'
import { and, eq, inArray, type SQL, sql, type WithSubquery } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { v7 } from 'uuid'
import { chatMembers, chats } from '../chats/schema.ts'
import type { Database, Transaction } from '../db/database.ts'
import { prepared } from '../db/prepared.ts'
import { refuse } from '../errors.ts'
import { type MessageRow, messages } from './schema.ts'
import { foldWords, searchVector } from './search-words.ts'
import { type MessageRecord, selectMessages, showMessages, visibleColumns } from './view.ts'

type Content = Pick<MessageRow, 'senderId' | 'clientId' | 'body' | 'system'> &
  Partial<Pick<MessageRow, 'replyToId' | 'mentions'>>

/**
 * Append a message to its chat with the chat's next `seq`, in one statement. The chat's row is
 * held until the transaction ends (without one, until the statement does), so that no number is
 * skipped or given twice.
 *
 * @param role what the sender must still be in the chat; without it nothing is asked
 * @returns the row, or undefined when there is no such chat or the sender is not that any more
 * @throws what `isClientIdTaken` knows when the sender used the client id before
 */
export async function appendMessage(
  db: Database | Transaction,
  chatId: string,
  content: Content,
  role?: Role,
): Promise<MessageRecord['message'] | undefined> {
  const statement = role === undefined ? append(db) : appendAs(db)
  const [row] = await statement.execute({
    id: v7(),
    chatId,
    createdAt: new Date(),
    words: foldWords(content.body),
    replyToId: null,
    mentions: [],
    ...content,
    // As text: a column of JSON would write its own null, which is a value.
    system: content.system && JSON.stringify(content.system),
    role,
  })
  return row
}

const append = prepared((db) => appendQuery(db, []).prepare('append_message'))

const appendAs = prepared((db) => {
  // Both rows are held as they are when it is their turn: who has lost the right meanwhile is none.
  const writer = db.$with('writer').as(
    db
      .select({ chatId: chatMembers.chatId })
      .from(chats)
      .innerJoin(chatMembers, eq(chatMembers.chatId, chats.id))
      .where(
        and(
          eq(chats.id, sql.placeholder('chatId')),
          eq(chatMembers.userId, sql.placeholder('senderId')),
          eq(chatMembers.role, sql.placeholder('role')),
        ),
      )
      .for('update', { of: [chats, chatMembers] }),
  )
  const isWriter = inArray(chats.id, db.select({ chatId: writer.chatId }).from(writer))
  return appendQuery(db, [writer], isWriter).prepare('append_message_as')
})

function appendQuery(db: Database | Transaction, first: WithSubquery[], only?: SQL) {
  const numbered = db.$with('numbered').as(
    db
      .update(chats)
      .set({ lastSeq: sql`${chats.lastSeq} + 1`, lastActivityAt: given('createdAt').sql })
      .where(and(eq(chats.id, sql.placeholder('chatId')), only))
      .returning({ seq: chats.lastSeq }),
  )
  const row = {
    id: given('id'),
    chatId: given('chatId'),
    seq: numbered.seq,
    senderId: given('senderId'),
    clientId: given('clientId'),
    body: given('body'),
    system: sql`${sql.placeholder('system')}::jsonb`.as('system'),
    replyToId: given('replyToId'),
    mentions: given('mentions'),
    searchWords: searchVector(sql.placeholder('words')).as('words'),
    pinnedAt: sql`null`.as('pinnedAt'),
    createdAt: given('createdAt'),
    editedAt: sql`null`.as('editedAt'),
    deletedAt: sql`null`.as('deletedAt'),
  }
  return db
    .with(...first, numbered)
    .insert(messages)
    .select((query) => query.select(row).from(numbered))
    .returning(visibleColumns)
}

/** A value of a message that the statement is given by the name of its column. */
function given(name: keyof typeof visibleColumns) {
  const column: PgColumn = messages[name]
  return sql`${sql.param(sql.placeholder(name), column)}::${sql.raw(column.getSQLType())}`.as(name)
}

/** Whether a message was not appended because there is one of this sender with its client id. */
export function isClientIdTaken(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  return (
    cause instanceof Error && 'constraint' in cause && cause.constraint === 'messages_sender_client'
  )
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
  const content = { senderId: actorId, clientId: null, body: '', system: event }
  const row = await appendMessage(tx, chatId, content)
  if (!row) throw new Error(`chat ${chatId} does not exist`)
  return getMessage(tx, row.id)
}
