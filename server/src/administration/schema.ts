import type {
  AuditAction,
  Registration,
  Retention,
  ServerLimits,
} from '@beseda/protocol/administration'
import { integer, jsonb, pgTable, smallint, text, uuid } from 'drizzle-orm/pg-core'
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

/** What administrators decide while the server runs; there is one row. */
export const serverRules = pgTable('server_rules', {
  id: smallint('id').primaryKey().default(1),
  registration: text('registration').$type<Registration>().notNull(),
  retention: jsonb('retention').$type<Partial<Retention>>().notNull(),
  /** Those that were set here; the others are the environment's. */
  limits: jsonb('limits').$type<Partial<ServerLimits>>().notNull(),
})

/** Invitations to the server, for people without an account. */
export const serverInvites = pgTable('server_invites', {
  /** 128 random bits in base64url. */
  code: text('code').primaryKey(),
  /** As the name was then; the command line makes invitations too. */
  createdBy: text('created_by').notNull(),
  createdAt: momentColumn('created_at').notNull(),
  /** Null: never. */
  expiresAt: momentColumn('expires_at'),
  /** Null: any number. */
  maxUses: integer('max_uses'),
  uses: integer('uses').notNull().default(0),
  revokedAt: momentColumn('revoked_at'),
})
