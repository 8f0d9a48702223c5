import type { loginBodySchema, registerBodySchema } from '@beseda/protocol/auth'
import { eq } from 'drizzle-orm'
import { v7 } from 'uuid'
import type { z } from 'zod'
import type { Database } from '../db/database.ts'
import { refuse } from '../errors.ts'
import { type UserRow, users } from '../users/schema.ts'
import { searchTextOf } from '../users/search-text.ts'
import { hashPassword, verifyPassword } from './passwords.ts'
import { openSession, type Rotation } from './sessions.ts'

/** A user who has signed in, with the new session. */
export type SignedIn = { user: UserRow; session: Rotation }

/**
 * Make an account and its first session.
 *
 * @throws Refusal USERNAME_TAKEN
 */
export async function register(
  db: Database,
  { username, password, displayName }: z.output<typeof registerBodySchema>,
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
    return { user, session: await openSession(tx, user.id) }
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
