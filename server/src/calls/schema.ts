import type { CallEndReason, CallType } from '@beseda/protocol/calls'
import type { CallOutcome } from '@beseda/protocol/messages'
import type { LeaveReason } from '@beseda/protocol/signalling'
import { sql } from 'drizzle-orm'
import { index, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { chats } from '../chats/schema.ts'
import { idColumn, momentColumn } from '../db/columns.ts'
import { users } from '../users/schema.ts'

/** The call log; a call that is on lives in Redis. */
export const calls = pgTable(
  'calls',
  {
    id: idColumn(),
    chatId: uuid('chat_id')
      .notNull()
      .references(() => chats.id, { onDelete: 'cascade' }),
    initiatorId: uuid('initiator_id').references(() => users.id, { onDelete: 'set null' }),
    type: text('type').$type<CallType>().notNull(),
    createdAt: momentColumn('created_at').notNull(),
    answeredAt: momentColumn('answered_at'),
    endedAt: momentColumn('ended_at'),
    /** Null while the call is on. */
    outcome: text('outcome').$type<CallOutcome>(),
    reason: text('reason').$type<CallEndReason>(),
  },
  (table) => [
    index('calls_chat_idx').on(table.chatId, table.createdAt.desc(), table.id.desc()),
    index('calls_open_idx').on(table.createdAt).where(sql`${table.endedAt} is null`),
  ],
)

/** One stay of one user in a call; who leaves and returns has several. */
export const callParticipants = pgTable(
  'call_participants',
  {
    id: idColumn(),
    callId: uuid('call_id')
      .notNull()
      .references(() => calls.id, { onDelete: 'cascade' }),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    joinedAt: momentColumn('joined_at').notNull(),
    leftAt: momentColumn('left_at'),
    reason: text('reason').$type<LeaveReason>(),
  },
  // A join that is told twice is one stay.
  (table) => [unique('call_participants_stay').on(table.callId, table.userId, table.joinedAt)],
)
