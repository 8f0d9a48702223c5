import { inArray } from 'drizzle-orm'
import type { Database, Transaction } from '../db/database.ts'
import { refuseField } from '../errors.ts'
import { users } from '../users/schema.ts'

/** A user as a system message names them. */
export type Named = { id: string; displayName: string }

/** The name of a user who exists for certain, such as the one who acts. */
export async function requireUser(db: Database | Transaction, userId: string): Promise<Named> {
  const [user] = await requireUsers(db, [userId], 'userId')
  if (!user) throw new Error(`user ${userId} does not exist`)
  return user
}

/**
 * The names of users, in the order of the ids.
 *
 * @param path the field that the ids came in
 * @throws Refusal VALIDATION naming the id of the list that belongs to nobody
 */
export async function requireUsers(
  db: Database | Transaction,
  userIds: string[],
  path: string,
): Promise<Named[]> {
  if (userIds.length === 0) return []
  const rows = await db
    .select({ id: users.id, displayName: users.displayName })
    .from(users)
    .where(inArray(users.id, userIds))
  const byId = new Map(rows.map((row) => [row.id, row]))
  return userIds.map((id, index) => {
    const user = byId.get(id)
    if (!user) throw refuseField(`${path}.${index}`, 'there is no such user')
    return user
  })
}
