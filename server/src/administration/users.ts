import type { AdminUser } from '@beseda/protocol/administration'
import { closeCodes } from '@beseda/protocol/errors'
import type { Page } from '@beseda/protocol/pages'
import type { AccountRole, AdminAction } from '@beseda/protocol/permissions'
import type { userSearchQuerySchema } from '@beseda/protocol/users'
import { and, count, eq, inArray } from 'drizzle-orm'
import type { z } from 'zod'
import { endDevice, endDevices, tellEnded } from '../auth/devices.ts'
import { hashPassword } from '../auth/passwords.ts'
import { sessions } from '../auth/schema.ts'
import { isOpenNow } from '../auth/sessions.ts'
import { requireStrong } from '../auth/weak-passwords.ts'
import type { Transaction } from '../db/database.ts'
import { refuse } from '../errors.ts'
import type { Services } from '../services.ts'
import { isSecure } from '../settings.ts'
import { type UserRow, users } from '../users/schema.ts'
import { searchUsers } from '../users/search.ts'
import { getUserRow, showUsers } from '../users/store.ts'
import { type Actor, permit } from './actor.ts'
import { writeAudit } from './audit.ts'
import { dropResetLinks, makeLink, type NewLink, takeLink } from './links.ts'

type Deps = Pick<Services, 'db' | 'bus' | 'calls' | 'settings'>

/** A page of all accounts, disabled ones too, found as the user search finds them. */
export async function listUsers(
  services: Pick<Services, 'db' | 'connections'>,
  query: z.output<typeof userSearchQuerySchema>,
): Promise<Page<AdminUser>> {
  const page = await searchUsers(services, query, { disabledToo: true })
  return { ...page, items: await showToAdmin(services, page.items) }
}

/** One account as administrators see it. @throws Refusal NOT_FOUND */
export async function showUserToAdmin(
  services: Pick<Services, 'db' | 'connections'>,
  userId: string,
): Promise<AdminUser> {
  const [user] = await showToAdmin(services, [await getUserRow(services.db, userId)])
  if (!user) throw new Error('a user was not shown')
  return user
}

async function showToAdmin(
  services: Pick<Services, 'db' | 'connections'>,
  rows: UserRow[],
): Promise<AdminUser[]> {
  const ids = rows.map(({ id }) => id)
  const counts = await services.db
    .select({ userId: sessions.userId, count: count() })
    .from(sessions)
    .where(and(inArray(sessions.userId, ids), isOpenNow()))
    .groupBy(sessions.userId)
  const countOf = new Map(counts.map((row) => [row.userId, row.count]))
  const shown = await showUsers(services, rows)
  return shown.map((user, index) => {
    const row = rows[index]
    return {
      ...user,
      serverRole: row?.serverRole ?? 'member',
      createdAt: (row?.createdAt ?? new Date(0)).toISOString(),
      disabledAt: row?.disabledAt?.toISOString() ?? null,
      sessions: countOf.get(user.id) ?? 0,
    }
  })
}

/**
 * Shut an account: its sessions and sockets end, and it is out of its call at once. What it wrote
 * stays under its name.
 *
 * @throws Refusal NOT_FOUND, FORBIDDEN
 */
export async function disableUser(deps: Deps, actor: Actor, userId: string): Promise<void> {
  const ended = await deps.db.transaction(async (tx) => {
    const user = await lockTarget(tx, actor, userId, 'disableUser')
    if (user.disabledAt) return []
    await tx.update(users).set({ disabledAt: new Date() }).where(eq(users.id, userId))
    await dropResetLinks(tx, userId)
    await writeAudit(tx, actor, { action: 'user.disabled', target: named(user) })
    return endDevices(tx, userId)
  })
  await putOut(deps, userId, ended)
}

/** Open an account again. @throws Refusal NOT_FOUND, FORBIDDEN */
export async function enableUser({ db }: Deps, actor: Actor, userId: string): Promise<void> {
  await db.transaction(async (tx) => {
    const user = await lockUser(tx, userId)
    permit(actor, { do: 'enableUser', target: user.serverRole })
    if (!user.disabledAt) return
    await tx.update(users).set({ disabledAt: null }).where(eq(users.id, userId))
    await writeAudit(tx, actor, { action: 'user.enabled', target: named(user) })
  })
}

/** @throws Refusal NOT_FOUND, FORBIDDEN */
export async function changeServerRole(
  { db }: Deps,
  actor: Actor,
  userId: string,
  to: AccountRole,
): Promise<void> {
  await db.transaction(async (tx) => {
    const user = await lockUser(tx, userId)
    const from = user.serverRole
    permit(actor, { do: 'changeServerRole', target: from, to, own: actor.userId === userId })
    if (from === to) return
    await tx.update(users).set({ serverRole: to }).where(eq(users.id, userId))
    const details = { from, to }
    await writeAudit(tx, actor, { action: 'role.changed', target: named(user), details })
  })
}

/**
 * Make a link by which its holder chooses a new password; an earlier one works no longer.
 *
 * @throws Refusal NOT_FOUND, FORBIDDEN, ACCOUNT_DISABLED
 */
export async function makeResetLink({ db }: Deps, actor: Actor, userId: string): Promise<NewLink> {
  return db.transaction(async (tx) => {
    const user = await lockTarget(tx, actor, userId, 'resetPassword')
    if (user.disabledAt) throw disabled()
    await writeAudit(tx, actor, { action: 'user.resetLinkMade', target: named(user) })
    return makeLink(tx, { kind: 'reset', userId })
  })
}

/**
 * Choose a new password by a reset link, which is used up; all sessions end.
 *
 * @throws Refusal LINK_INVALID, WEAK_PASSWORD
 */
export async function resetPassword(
  deps: Deps,
  token: string,
  password: string,
  ip: string | null,
): Promise<void> {
  const passwordHash = await hashPassword(password)
  const { userId, ended } = await deps.db.transaction(async (tx) => {
    const link = await takeLink(tx, token, 'reset')
    const user = await lockUser(tx, link.userId ?? '')
    requireStrong(password, [user.username, user.displayName], isSecure(deps.settings))
    await tx.update(users).set({ passwordHash }).where(eq(users.id, user.id))
    const self: Actor = { role: user.serverRole, userId: user.id, name: user.username, ip }
    await writeAudit(tx, self, { action: 'user.passwordReset', target: named(user) })
    return { userId: user.id, ended: await endDevices(tx, user.id) }
  })
  await putOut(deps, userId, ended)
}

/**
 * End one session of somebody, or all.
 *
 * @throws Refusal NOT_FOUND, FORBIDDEN
 */
export async function endSessionsOf(
  deps: Deps,
  actor: Actor,
  userId: string,
  sessionId?: string,
): Promise<void> {
  const ended = await deps.db.transaction(async (tx) => {
    const user = await lockTarget(tx, actor, userId, 'endSessions')
    if (sessionId !== undefined) {
      await endDevice(tx, userId, sessionId)
      await writeAudit(tx, actor, { action: 'session.ended', target: named(user) })
      return [sessionId]
    }
    await writeAudit(tx, actor, { action: 'sessions.ended', target: named(user) })
    return endDevices(tx, userId)
  })
  if (sessionId === undefined) await putOut(deps, userId, ended)
  else tellEnded(deps.bus, ended)
}

/** After the last session of somebody has ended: no socket, no call. */
async function putOut({ bus, calls }: Deps, userId: string, ended: string[]) {
  tellEnded(bus, ended)
  bus.closeSockets({ userIds: [userId] }, closeCodes.unauthorized)
  await calls.seats.vacate(userId)
}

async function lockTarget(
  tx: Transaction,
  actor: Actor,
  userId: string,
  what: 'disableUser' | 'resetPassword' | 'endSessions',
): Promise<UserRow> {
  const user = await lockUser(tx, userId)
  const action: AdminAction = {
    do: what,
    target: user.serverRole,
    own: actor.userId === userId,
  }
  permit(actor, action)
  return user
}

async function lockUser(tx: Transaction, userId: string): Promise<UserRow> {
  const [user] = await tx.select().from(users).where(eq(users.id, userId)).for('update')
  if (!user) throw refuse('NOT_FOUND', 'There is no such user.')
  return user
}

const named = ({ id, username }: UserRow) => ({ id, name: username })

const disabled = () => refuse('ACCOUNT_DISABLED', 'This account is disabled: enable it first.')
