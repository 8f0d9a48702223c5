import type { loginBodySchema, registerBodySchema } from '@beseda/protocol/auth'
import { eq } from 'drizzle-orm'
import { v7 } from 'uuid'
import type { z } from 'zod'
import { claimOwnership } from '../administration/owner.ts'
import type { Database } from '../db/database.ts'
import { refuse } from '../errors.ts'
import { type UserRow, users } from '../users/schema.ts'
import { searchTextOf } from '../users/search-text.ts'
import { hashPassword, verifyPassword } from './passwords.ts'
import { openSession, type Rotation } from './sessions.ts'

/** A user who has signed in, with the new session. */
export type SignedIn = { user: UserRow; session: Rotation }

/**
 * Make an account and its first session; with the secret of an owner link, the owner's.
 *
 * @param ip the address that the request came from
 * @throws Refusal USERNAME_TAKEN, LINK_INVALID
 */
export async function register(
  db: Database,
  { username, password, displayName, ownerToken }: z.output<typeof registerBodySchema>,
  ip: string,
): Promise<SignedIn> {
  const passwordHash = await hashPassword(password)
  return db.transaction(async (tx) => {
    const [user] = await tx
      .insert(users)
      .values({
        id: v7(),
        username,
        passwordHash,
        displayName,
        searchText: searchTextOf(username, displayName),
        createdAt: new Date(),
      })
      .onConflictDoNothing({ target: users.username })
      .returning()
    if (!user) throw refuse('USERNAME_TAKEN', 'This username is taken.')
    if (ownerToken !== undefined) await claimOwnership(tx, user, ownerToken, ip)
    const serverRole = ownerToken === undefined ? user.serverRole : 'owner'
    return { user: { ...user, serverRole }, session: await openSession(tx, user.id) }
  })
}

/**
 * Open a session for whoever knows the password.
 *
 * @throws Refusal INVALID_CREDENTIALS, after the same time whether or not the user exists
 */
export async function login(
  db: Database,
  { username, password }: z.output<typeof loginBodySchema>,
): Promise<SignedIn> {
  const [user] = await db.select().from(users).where(eq(users.username, username))
  const right = await verifyPassword(user?.passwordHash, password)
  if (!user || !right) throw refuse('INVALID_CREDENTIALS', 'Username or password is wrong.')
  return { user, session: await openSession(db, user.id) }
}
