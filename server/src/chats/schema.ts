import type { CallSettings, ChatType, Permissions, Role } from '@beseda/protocol/permissions'
import { isNotNull } from 'drizzle-orm'
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core'
import { idColumn, momentColumn } from '../db/columns.ts'
import { files } from '../files/schema.ts'
import { users } from '../users/schema.ts'

export const chats = pgTable(
  'chats',
  {
    id: idColumn(),
    type: text('type').$type<ChatType>().notNull(),
    /** Null in a personal chat. */
    name: text('name'),
    description: text('description').notNull().default(''),
    avatarId: uuid('avatar_id').references(() => files.id, { onDelete: 'set null' }),
    createdBy: uuid('created_by')
      .notNull()
      .references(() => users.id),
    maxMembers: integer('max_members').notNull(),
    /** Kept by whoever adds or removes members, under a lock on this row. */
    memberCount: integer('member_count').notNull(),
    callSettings: jsonb('call_settings').$type<CallSettings>().notNull(),
    /** Both user ids of a personal chat in order: there is one such chat for two people. */
    personalKey: text('personal_key').unique(),
    /** `seq` of the newest message. */
    lastSeq: bigint('last_seq', { mode: 'number' }).notNull().default(0),
    /** When the newest message was written; the order of the chat list. */
    lastActivityAt: momentColumn('last_activity_at').notNull(),
    createdAt: momentColumn('created_at').notNull(),
  },
  (table) => [
    index('chats_activity_idx').on(table.lastActivityAt.desc(), table.id.desc()),
    index('chats_avatar_idx').on(table.avatarId).where(isNotNull(table.avatarId)),
  ],
)
export type ChatRow = typeof chats.$inferSelect

export const chatMembers = pgTable(
  'chat_members',
  {
    chatId: uuid('chat_id')
      .notNull()
      .references(() => chats.id, { onDelete: 'cascade' }),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    role: text('role').$type<Role>().notNull(),
    permissions: jsonb('permissions').$type<Permissions>().notNull(),
    addedBy: uuid('added_by').references(() => users.id, { onDelete: 'set null' }),
    /** Messages up to this `seq` have been read. */
    readSeq: bigint('read_seq', { mode: 'number' }).notNull().default(0),
    /** No notifications from this chat, mentions apart. */
    muted: boolean('muted').notNull().default(false),
    joinedAt: momentColumn('joined_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.chatId, table.userId] }),
    index('chat_members_user_idx').on(table.userId),
  ],
)
export type MemberRow = typeof chatMembers.$inferSelect
