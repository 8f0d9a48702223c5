import type { User } from '@beseda/protocol/users'
import { eq } from 'drizzle-orm'
import type { Database, Transaction } from '../db/database.ts'
import { refuse } from '../errors.ts'
import type { Connections } from '../presence/connections.ts'
import { type UserRow, users } from './schema.ts'
import { statusOf } from './status.ts'

/** @throws Refusal NOT_FOUND */
export async function getUserRow(db: Database | Transaction, userId: string): Promise<UserRow> {
  const [row] = await db.select().from(users).where(eq(users.id, userId))
  if (!row) throw refuse('NOT_FOUND', 'There is no such user.')
  return row
}

/** Users as others see them, in the same order. */
export async function showUsers(
  { connections }: { connections: Connections },
  rows: UserRow[],
): Promise<User[]> {
  const states = await connections.of(rows.map((row) => row.id))
  return rows.map((row) => ({
    id: row.id,
    username: row.username,
    displayName: row.displayName,
    avatarId: row.avatarId,
    status: statusOf(row.status, states.get(row.id)),
    lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
  }))
}

/** One user as others see them. */
export async function showUser(
  services: { connections: Connections },
  row: UserRow,
): Promise<User> {
  const [user] = await showUsers(services, [row])
  if (!user) throw new Error('a user was not shown')
  return user
}
