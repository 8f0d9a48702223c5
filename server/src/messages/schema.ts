import type { SystemEvent } from '@beseda/protocol/messages'
import { isNotNull, sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  bigint,
  customType,
  index,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { chats } from '../chats/schema.ts'
import { idColumn, momentColumn } from '../db/columns.ts'
import { files } from '../files/schema.ts'
import { users } from '../users/schema.ts'

const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' })

/** Holds of a message that names anybody; a query that says so can use the index of those. */
export const isMentioning = (mentions: AnyPgColumn) => sql`${mentions} <> '{}'::uuid[]`

export const messages = pgTable(
  'messages',
  {
    id: idColumn(),
    chatId: uuid('chat_id')
      .notNull()
      .references(() => chats.id, { onDelete: 'cascade' }),
    /** Counted per chat from 1 without gaps. */
    seq: bigint('seq', { mode: 'number' }).notNull(),
    senderId: uuid('sender_id').references(() => users.id, { onDelete: 'set null' }),
    /** Chosen by the sender, so that a retried send is the same message. */
    clientId: uuid('client_id'),
    body: text('body').notNull(),
    /** What happened, in a message that the system wrote. */
    system: jsonb('system').$type<SystemEvent>(),
    /** The message of the same chat that this one answers. */
    replyToId: uuid('reply_to_id').references((): AnyPgColumn => messages.id, {
      onDelete: 'set null',
    }),
    /** Members whom the body names. */
    mentions: uuid('mentions').array().notNull().default(sql`'{}'::uuid[]`),
    /** The body's words as the search compares them; see search-words.ts. */
    searchWords: tsvector('search_words').notNull().default(sql`''::tsvector`),
    pinnedAt: momentColumn('pinned_at'),
    createdAt: momentColumn('created_at').notNull(),
    editedAt: momentColumn('edited_at'),
    /** Set when the message was deleted; the body is empty from then on. */
    deletedAt: momentColumn('deleted_at'),
  },
  (table) => [
    unique('messages_chat_seq').on(table.chatId, table.seq),
    unique('messages_sender_client').on(table.senderId, table.clientId),
    index('messages_search_idx').using('gin', table.searchWords),
    // In the order of the search's results; see find.ts.
    index('messages_chat_time_idx').on(table.chatId, table.createdAt, table.id),
    index('messages_mentions_idx').using('gin', table.mentions).where(isMentioning(table.mentions)),
    index('messages_pins_idx').on(table.chatId, table.pinnedAt).where(isNotNull(table.pinnedAt)),
    // Without it a chat that is deleted looks through the whole table for each of its messages.
    index('messages_reply_idx').on(table.replyToId).where(isNotNull(table.replyToId)),
  ],
)
export type MessageRow = typeof messages.$inferSelect

export const reactions = pgTable(
  'reactions',
  {
    messageId: uuid('message_id')
      .notNull()
      .references(() => messages.id, { onDelete: 'cascade' }),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    emoji: text('emoji').notNull(),
    createdAt: momentColumn('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.messageId, table.emoji, table.userId] })],
)

/** Which files a message carries; a file is carried once. */
export const messageFiles = pgTable(
  'message_files',
  {
    messageId: uuid('message_id')
      .notNull()
      .references(() => messages.id, { onDelete: 'cascade' }),
    /** From 0, as the sender put them. */
    position: smallint('position').notNull(),
    fileId: uuid('file_id')
      .notNull()
      .unique()
      .references(() => files.id, { onDelete: 'cascade' }),
  },
  (table) => [primaryKey({ columns: [table.messageId, table.position] })],
)
