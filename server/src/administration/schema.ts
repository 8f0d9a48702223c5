import type { AuditAction } from '@beseda/protocol/administration'
import { jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { idColumn, momentColumn } from '../db/columns.ts'
import { users } from '../users/schema.ts'

/** Who did what to whom, when and from where. Rows are written and never changed. */
export const auditLog = pgTable('audit_log', {
  id: idColumn(),
  at: momentColumn('at').notNull(),
  action: text('action').$type<AuditAction>().notNull(),
  /** Null for the command line. */
  actorId: uuid('actor_id').references(() => users.id, { onDelete: 'set null' }),
  /** As it was then. */
  actorName: text('actor_name').notNull(),
  targetId: uuid('target_id'),
  targetName: text('target_name'),
  ip: text('ip'),
  details: jsonb('details').$type<Record<string, unknown>>().notNull(),
})

/** Links that work once; a row goes when its link is used or replaced. */
export const oneTimeLinks = pgTable('one_time_links', {
  /** SHA-256 of the link's secret. */
  tokenHash: text('token_hash').primaryKey(),
  kind: text('kind').$type<'owner' | 'reset'>().notNull(),
  /** Whose password a reset link changes. */
  userId: uuid('user_id').references(() => users.id, { onDelete: 'cascade' }),
  createdAt: momentColumn('created_at').notNull(),
  expiresAt: momentColumn('expires_at').notNull(),
})
