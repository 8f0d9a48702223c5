import type { AccountRole } from '@beseda/protocol/permissions'
import type { Status } from '@beseda/protocol/users'
import { isNotNull, sql } from 'drizzle-orm'
import { index, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { idColumn, momentColumn } from '../db/columns.ts'

export const users = pgTable(
  'users',
  {
    id: idColumn(),
    /** Lower case. */
    username: text('username').notNull().unique(),
    passwordHash: text('password_hash').notNull(),
    displayName: text('display_name').notNull(),
    avatarId: uuid('avatar_id'),
    /** What others see while this user is connected. */
    status: text('status').$type<Exclude<Status, 'offline'>>().notNull().default('online'),
    /** Both names as the search compares them; see search.ts. */
    searchText: text('search_text').notNull(),
    serverRole: text('server_role').$type<AccountRole>().notNull().default('member'),
    /** Set while an administrator has shut the account. */
    disabledAt: momentColumn('disabled_at'),
    lastSeenAt: momentColumn('last_seen_at'),
    createdAt: momentColumn('created_at').notNull(),
  },
  (table) => [
    index('users_search_idx').using('gin', sql`${table.searchText} gin_trgm_ops`),
    index('users_avatar_idx').on(table.avatarId).where(isNotNull(table.avatarId)),
  ],
)
export type UserRow = typeof users.$inferSelect
