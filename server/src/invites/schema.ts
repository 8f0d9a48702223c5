import { index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { chats } from '../chats/schema.ts'
import { momentColumn } from '../db/columns.ts'
import { users } from '../users/schema.ts'

/** Links into a chat. Whatever changes one holds the chat's row. */
export const invites = pgTable(
  'invites',
  {
    /** 128 random bits in base64url. */
    code: text('code').primaryKey(),
    chatId: uuid('chat_id')
      .notNull()
      .references(() => chats.id, { onDelete: 'cascade' }),
    createdBy: uuid('created_by')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    createdAt: momentColumn('created_at').notNull(),
    /** Null: never. */
    expiresAt: momentColumn('expires_at'),
    /** Null: any number. */
    maxUses: integer('max_uses'),
    uses: integer('uses').notNull().default(0),
    revokedAt: momentColumn('revoked_at'),
  },
  (table) => [index('invites_chat_idx').on(table.chatId, table.createdAt.desc())],
)
export type InviteRow = typeof invites.$inferSelect
