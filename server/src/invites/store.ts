import type { Invite } from '@beseda/protocol/invites'
import { and, count, desc, eq, gt, isNull, lt, or } from 'drizzle-orm'
import type { Database, Transaction } from '../db/database.ts'
import { refuse } from '../errors.ts'
import { users } from '../users/schema.ts'
import { type InviteRow, invites } from './schema.ts'

/** Start a query of invitations with those who made them; each row goes through `toInvite`. */
export function selectInvites(db: Database | Transaction) {
  const { id, username, displayName, avatarId } = users
  return db
    .select({ invite: invites, createdBy: { id, username, displayName, avatarId } })
    .from(invites)
    .innerJoin(users, eq(users.id, invites.createdBy))
    .$dynamic()
}

/** An invitation as the protocol shows it. */
export function toInvite({
  invite,
  createdBy,
}: {
  invite: InviteRow
  createdBy: Invite['createdBy']
}): Invite {
  const { code, chatId, createdAt, expiresAt, maxUses, uses } = invite
  return {
    code,
    chatId,
    createdBy,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    maxUses,
    uses,
  }
}

/** @throws Refusal NOT_FOUND when there is no such invitation */
export async function requireInvite(db: Database | Transaction, code: string) {
  const [row] = await selectInvites(db).where(eq(invites.code, code))
  if (!row) throw refuse('NOT_FOUND', 'There is no such invitation.')
  return row
}

/** @throws Refusal INVITE_REVOKED, INVITE_EXPIRED, INVITE_USED_UP when it works no longer */
export function requireWorking(
  invite: Pick<InviteRow, 'revokedAt' | 'expiresAt' | 'maxUses' | 'uses'>,
): void {
  const { revokedAt, expiresAt, maxUses, uses } = invite
  if (revokedAt) throw refuse('INVITE_REVOKED', 'This invitation was revoked.')
  if (expiresAt && expiresAt.getTime() <= Date.now()) {
    throw refuse('INVITE_EXPIRED', 'This invitation has expired.')
  }
  if (maxUses !== null && uses >= maxUses) {
    throw refuse('INVITE_USED_UP', 'This invitation was used as often as it could be.')
  }
}

/** The same as a condition on a chat's invitations. */
export function workingIn(chatId: string) {
  return and(
    eq(invites.chatId, chatId),
    isNull(invites.revokedAt),
    or(isNull(invites.expiresAt), gt(invites.expiresAt, new Date())),
    or(isNull(invites.maxUses), lt(invites.uses, invites.maxUses)),
  )
}

/** A chat's invitations that still work, newest first. */
export async function listInvites(db: Database, chatId: string): Promise<Invite[]> {
  const rows = await selectInvites(db)
    .where(workingIn(chatId))
    .orderBy(desc(invites.createdAt), desc(invites.code))
  return rows.map(toInvite)
}

/** How many of a chat's invitations still work. */
export async function countInvites(tx: Transaction, chatId: string): Promise<number> {
  const [row] = await tx.select({ count: count() }).from(invites).where(workingIn(chatId))
  return row?.count ?? 0
}

/** End the invitations that somebody made who was put out of the chat. */
export async function revokeInvitesOf(
  tx: Transaction,
  chatId: string,
  userId: string,
): Promise<void> {
  await tx
    .update(invites)
    .set({ revokedAt: new Date() })
    .where(
      and(eq(invites.chatId, chatId), eq(invites.createdBy, userId), isNull(invites.revokedAt)),
    )
}
