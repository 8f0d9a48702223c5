import type { Registration } from '@beseda/protocol/administration'
import type {
  AccessClaims,
  changePasswordBodySchema,
  loginBodySchema,
  registerBodySchema,
} from '@beseda/protocol/auth'
import { eq } from 'drizzle-orm'
import { v7 } from 'uuid'
import type { z } from 'zod'
import { claimOwnership } from '../administration/owner.ts'
import { takeServerInvite } from '../administration/server-invites.ts'
import type { Transaction } from '../db/database.ts'
import { refuse } from '../errors.ts'
import { type Join, tellJoined, writeJoin } from '../invites/join.ts'
import type { Services } from '../services.ts'
import { isSecure } from '../settings.ts'
import { type UserRow, users } from '../users/schema.ts'
import { searchTextOf } from '../users/search-text.ts'
import { getUserRow } from '../users/store.ts'
import { endDevices, tellEnded } from './devices.ts'
import { hashPassword, verifyPassword } from './passwords.ts'
import { openSession, type Place, type Rotation } from './sessions.ts'
import { requireStrong } from './weak-passwords.ts'

/** A user who has signed in, with the new session. */
export type SignedIn = { user: UserRow; session: Rotation }

/**
 * Make an account and its first session; with the secret of an owner link, the owner's. Where
 * registration needs an invitation it is used once: one to the server, or one to a chat, into
 * which the newcomer comes at the same time.
 *
 * @throws Refusal USERNAME_TAKEN, LINK_INVALID, WEAK_PASSWORD, REGISTRATION_CLOSED,
 * REGISTRATION_INVITE, and what an invitation that works no longer says
 */
export async function register(
  { db, bus, rules, settings }: Pick<Services, 'db' | 'bus' | 'rules' | 'settings'>,
  { username, password, displayName, ownerToken, invite }: z.output<typeof registerBodySchema>,
  place: Place,
): Promise<SignedIn> {
  const { registration } = await rules.read(db)
  const free = registration === 'open' || ownerToken !== undefined
  if (!free) requireInvited(registration, invite)
  requireStrong(password, [username, displayName], isSecure(settings))
  const passwordHash = await hashPassword(password)
  const { user, session, joined } = await db.transaction(async (tx) => {
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
    if (ownerToken !== undefined) await claimOwnership(tx, user, ownerToken, place.ip)
    const serverRole = ownerToken === undefined ? user.serverRole : 'owner'
    const joined = free || invite === undefined ? null : await comeIn(tx, invite, user.id)
    const session = await openSession(tx, user.id, place)
    return { user: { ...user, serverRole }, session, joined }
  })
  if (joined) tellJoined(bus, joined, user.id)
  return { user, session }
}

function requireInvited(registration: Registration, invite: string | undefined) {
  if (registration === 'closed') {
    throw refuse('REGISTRATION_CLOSED', 'This server takes no new accounts.')
  }
  if (invite === undefined) {
    throw refuse('REGISTRATION_INVITE', 'This server takes new accounts by invitation only.')
  }
}

/** @returns the join of the chat that the invitation leads to; null for one to the server */
async function comeIn(tx: Transaction, invite: string, userId: string): Promise<Join | null> {
  return (await takeServerInvite(tx, invite)) ? null : writeJoin(tx, invite, userId)
}

/**
 * Open a session for whoever knows the password.
 *
 * @throws Refusal INVALID_CREDENTIALS, after the same time whether or not the user exists;
 * ACCOUNT_DISABLED, to whoever knows the password; RATE_LIMITED
 */
export async function login(
  { db, loginGuard }: Pick<Services, 'db' | 'loginGuard'>,
  { username, password }: z.output<typeof loginBodySchema>,
  place: Place,
): Promise<SignedIn> {
  await loginGuard.check(username, place.ip)
  const [user] = await db.select().from(users).where(eq(users.username, username))
  const right = await verifyPassword(user?.passwordHash, password)
  if (!user || !right) {
    await loginGuard.failed(username, place.ip)
    throw wrong()
  }
  await loginGuard.passed(username)
  return db.transaction(async (tx) => {
    // Held, so that whoever changes the password meanwhile ends this session with the others.
    const [current] = await tx.select().from(users).where(eq(users.id, user.id)).for('share')
    if (current?.passwordHash !== user.passwordHash) throw wrong()
    if (current.disabledAt) throw refuse('ACCOUNT_DISABLED', 'This account is disabled.')
    return { user: current, session: await openSession(tx, user.id, place) }
  })
}

/**
 * Change one's own password; all other sessions end.
 *
 * @param ip the address that the request came from
 * @throws Refusal WRONG_PASSWORD, WEAK_PASSWORD, RATE_LIMITED
 */
export async function changePassword(
  { db, bus, loginGuard, settings }: Pick<Services, 'db' | 'bus' | 'loginGuard' | 'settings'>,
  { sub: userId, sid }: AccessClaims,
  { current, password }: z.output<typeof changePasswordBodySchema>,
  ip: string,
): Promise<void> {
  const user = await getUserRow(db, userId)
  await loginGuard.check(user.username, ip)
  if (!(await verifyPassword(user.passwordHash, current))) {
    await loginGuard.failed(user.username, ip)
    throw refuse('WRONG_PASSWORD', 'The present password is another one.')
  }
  requireStrong(password, [user.username, user.displayName], isSecure(settings))
  const passwordHash = await hashPassword(password)
  const ended = await db.transaction(async (tx) => {
    await tx.update(users).set({ passwordHash }).where(eq(users.id, userId))
    return endDevices(tx, userId, sid)
  })
  tellEnded(bus, ended)
}

const wrong = () => refuse('INVALID_CREDENTIALS', 'Username or password is wrong.')
