import { index, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { idColumn, momentColumn } from '../db/columns.ts'
import { users } from '../users/schema.ts'

/** A login on one device. Its refresh tokens are one family: each replaces the one before. */
export const sessions = pgTable(
  'sessions',
  {
    id: idColumn(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** SHA-256 of the refresh token that is good now. */
    tokenHash: text('token_hash').notNull(),
    /** SHA-256 of the one before it. */
    previousHash: text('previous_hash'),
    rotatedAt: momentColumn('rotated_at').notNull(),
    expiresAt: momentColumn('expires_at').notNull(),
    /** Where the last refresh came from. */
    ip: text('ip'),
    userAgent: text('user_agent'),
    revokedAt: momentColumn('revoked_at'),
    createdAt: momentColumn('created_at').notNull(),
  },
  (table) => [index('sessions_user_idx').on(table.userId)],
)
