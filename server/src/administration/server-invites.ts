import { randomBytes } from 'node:crypto'
import type { ServerInvite, ServerInvitePreview } from '@beseda/protocol/administration'
import type { CreateInviteBody } from '@beseda/protocol/invites'
import { limits } from '@beseda/protocol/limits'
import { and, desc, eq, gt, isNull, lt, or, sql } from 'drizzle-orm'
import type { Database, Transaction } from '../db/database.ts'
import { refuse } from '../errors.ts'
import { requireWorking } from '../invites/store.ts'
import { type Actor, permit } from './actor.ts'
import { writeAudit } from './audit.ts'
import { serverInvites } from './schema.ts'

type Row = typeof serverInvites.$inferSelect

/** The invitations to the server that still work, newest first. */
export async function listServerInvites(db: Database): Promise<ServerInvite[]> {
  const rows = await db
    .select()
    .from(serverInvites)
    .where(works())
    .orderBy(desc(serverInvites.createdAt), desc(serverInvites.code))
  return rows.map(toInvite)
}

/**
 * Invite somebody without an account.
 *
 * @throws Refusal FORBIDDEN, LIMIT_REACHED
 */
export async function createServerInvite(
  db: Database,
  actor: Actor,
  { expiresInSeconds, maxUses }: CreateInviteBody,
): Promise<ServerInvite> {
  permit(actor, { do: 'inviteToServer' })
  return db.transaction(async (tx) => {
    if ((await tx.$count(serverInvites, works())) >= limits.serverInvitesMax) {
      throw refuse('LIMIT_REACHED', `There are ${limits.serverInvitesMax} invitations already.`)
    }
    const createdAt = new Date()
    const lives = expiresInSeconds === undefined ? null : expiresInSeconds * 1000
    const row: Row = {
      code: randomBytes(16).toString('base64url'),
      createdBy: actor.name,
      createdAt,
      expiresAt: lives === null ? null : new Date(createdAt.getTime() + lives),
      maxUses: maxUses ?? null,
      uses: 0,
      revokedAt: null,
    }
    await tx.insert(serverInvites).values(row)
    const details = { invite: shortOf(row.code), expiresInSeconds, maxUses }
    await writeAudit(tx, actor, { action: 'invite.made', details })
    return toInvite(row)
  })
}

/** @throws Refusal FORBIDDEN, NOT_FOUND */
export async function revokeServerInvite(db: Database, actor: Actor, code: string): Promise<void> {
  permit(actor, { do: 'inviteToServer' })
  await db.transaction(async (tx) => {
    const revoked = await tx
      .update(serverInvites)
      .set({ revokedAt: new Date() })
      .where(and(eq(serverInvites.code, code), isNull(serverInvites.revokedAt)))
      .returning({ code: serverInvites.code })
    if (revoked.length === 0) throw unknown()
    await writeAudit(tx, actor, { action: 'invite.revoked', details: { invite: shortOf(code) } })
  })
}

/** @throws Refusal NOT_FOUND, INVITE_REVOKED, INVITE_EXPIRED, INVITE_USED_UP */
export async function previewServerInvite(
  db: Database,
  code: string,
): Promise<ServerInvitePreview> {
  const row = await find(db, code)
  if (!row) throw unknown()
  requireWorking(row)
  return { code, invitedBy: row.createdBy, expiresAt: row.expiresAt?.toISOString() ?? null }
}

/**
 * Use an invitation to the server once. Answers false when there is none of this code.
 *
 * @throws Refusal INVITE_REVOKED, INVITE_EXPIRED, INVITE_USED_UP
 */
export async function takeServerInvite(tx: Transaction, code: string): Promise<boolean> {
  const [row] = await tx
    .select()
    .from(serverInvites)
    .where(eq(serverInvites.code, code))
    .for('update')
  if (!row) return false
  requireWorking(row)
  await tx
    .update(serverInvites)
    .set({ uses: sql`${serverInvites.uses} + 1` })
    .where(eq(serverInvites.code, code))
  return true
}

async function find(db: Database, code: string): Promise<Row | undefined> {
  const [row] = await db.select().from(serverInvites).where(eq(serverInvites.code, code))
  return row
}

function works() {
  return and(
    isNull(serverInvites.revokedAt),
    or(isNull(serverInvites.expiresAt), gt(serverInvites.expiresAt, new Date())),
    or(isNull(serverInvites.maxUses), lt(serverInvites.uses, serverInvites.maxUses)),
  )
}

function toInvite({ code, createdBy, createdAt, expiresAt, maxUses, uses }: Row): ServerInvite {
  return {
    ...{ code, createdBy, maxUses, uses },
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
  }
}

/** Enough to tell invitations apart in the audit log, and too little to use one. */
const shortOf = (code: string) => code.slice(0, 6)

const unknown = () => refuse('NOT_FOUND', 'There is no such invitation.')
