import { count, eq } from 'drizzle-orm'
import type { Database, Transaction } from '../db/database.ts'
import { type UserRow, users } from '../users/schema.ts'
import { type Actor, permit } from './actor.ts'
import { writeAudit } from './audit.ts'
import { makeLink, type NewLink, takeLink } from './links.ts'

/**
 * Make the link whose opener becomes the server's owner; the one before works no longer.
 *
 * @throws Refusal FORBIDDEN
 */
export async function makeOwnerLink(db: Database, actor: Actor): Promise<NewLink> {
  permit(actor, { do: 'makeOwnerLink' })
  return db.transaction(async (tx) => {
    await writeAudit(tx, actor, { action: 'owner.linkMade' })
    return makeLink(tx, { kind: 'owner' })
  })
}

/**
 * Make the user the server's owner by an owner link, which is used up.
 *
 * @throws Refusal LINK_INVALID
 */
export async function claimOwnership(
  tx: Transaction,
  user: Pick<UserRow, 'id' | 'username'>,
  token: string,
  ip: string | null,
): Promise<void> {
  await takeLink(tx, token, 'owner')
  await tx.update(users).set({ serverRole: 'owner' }).where(eq(users.id, user.id))
  const actor: Actor = { role: 'owner', userId: user.id, name: user.username, ip }
  await writeAudit(tx, actor, { action: 'owner.claimed' })
}

/** How many accounts there are, and whether anybody owns the server. */
export async function overview(db: Database) {
  const [[all], [owners]] = await Promise.all([
    db.select({ count: count() }).from(users),
    db.select({ count: count() }).from(users).where(eq(users.serverRole, 'owner')),
  ])
  return { users: all?.count ?? 0, hasOwner: (owners?.count ?? 0) > 0 }
}
