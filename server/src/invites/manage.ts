import { randomBytes } from 'node:crypto'
import type { CreateInviteBody, Invite } from '@beseda/protocol/invites'
import { limits } from '@beseda/protocol/limits'
import { and, eq } from 'drizzle-orm'
import { allow, lockMembership } from '../chats/membership.ts'
import type { Database } from '../db/database.ts'
import { refuse } from '../errors.ts'
import { invites } from './schema.ts'
import { countInvites, requireInvite, toInvite } from './store.ts'

/**
 * Make a link into a chat.
 *
 * @throws Refusal NOT_FOUND, FORBIDDEN, LIMIT_REACHED
 */
export function createInvite(
  db: Database,
  chatId: string,
  actorId: string,
  { expiresInSeconds, maxUses }: CreateInviteBody,
): Promise<Invite> {
  return db.transaction(async (tx) => {
    allow(await lockMembership(tx, chatId, actorId), { do: 'invite' })
    if ((await countInvites(tx, chatId)) >= limits.invitesMax) {
      throw refuse('LIMIT_REACHED', `A chat has ${limits.invitesMax} invitations at most.`)
    }
    const code = randomBytes(16).toString('base64url')
    const createdAt = new Date()
    const expiresAt =
      expiresInSeconds === undefined
        ? null
        : new Date(createdAt.getTime() + expiresInSeconds * 1000)
    await tx
      .insert(invites)
      .values({ code, chatId, createdBy: actorId, createdAt, expiresAt, maxUses: maxUses ?? null })
    return toInvite(await requireInvite(tx, code))
  })
}

/**
 * End an invitation; one that was revoked before stays so.
 *
 * @throws Refusal NOT_FOUND, FORBIDDEN
 */
export async function revokeInvite(
  db: Database,
  chatId: string,
  actorId: string,
  code: string,
): Promise<void> {
  await db.transaction(async (tx) => {
    allow(await lockMembership(tx, chatId, actorId), { do: 'invite' })
    const revoked = await tx
      .update(invites)
      .set({ revokedAt: new Date() })
      .where(and(eq(invites.code, code), eq(invites.chatId, chatId)))
      .returning({ code: invites.code })
    if (revoked.length === 0) throw refuse('NOT_FOUND', 'There is no such invitation.')
  })
}
