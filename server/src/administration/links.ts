import type { LinkPreview } from '@beseda/protocol/auth'
import { and, eq, gt, lt } from 'drizzle-orm'
import { hashSecret, newSecret } from '../auth/refresh-token.ts'
import type { Database, Transaction } from '../db/database.ts'
import { refuse } from '../errors.ts'
import { users } from '../users/schema.ts'
import { oneTimeLinks } from './schema.ts'

type LinkRow = typeof oneTimeLinks.$inferSelect

/** What a link is for. */
type Purpose = { kind: 'owner' } | { kind: 'reset'; userId: string }

/** Milliseconds that a one-time link works. */
export const linkMs = 24 * 60 * 60_000

/** A secret that stands in a link; only its hash is kept. */
export type NewLink = { token: string; expiresAt: Date }

/** Make a one-time link; earlier ones for the same go. */
export async function makeLink(tx: Transaction, of: Purpose): Promise<NewLink> {
  await tx.delete(oneTimeLinks).where(sameAs(of))
  const token = newSecret()
  const createdAt = new Date()
  const expiresAt = new Date(createdAt.getTime() + linkMs)
  await tx
    .insert(oneTimeLinks)
    .values({ ...of, tokenHash: hashSecret(token), createdAt, expiresAt })
  return { token, expiresAt }
}

/** @throws Refusal LINK_INVALID */
export async function previewLink(db: Database, token: string): Promise<LinkPreview> {
  const [row] = await db
    .select({ link: oneTimeLinks, username: users.username, displayName: users.displayName })
    .from(oneTimeLinks)
    .leftJoin(users, eq(users.id, oneTimeLinks.userId))
    .where(works(token))
  if (!row) throw invalid()
  const { link, username, displayName } = row
  const user = username === null || displayName === null ? null : { username, displayName }
  return { kind: link.kind, expiresAt: link.expiresAt.toISOString(), user }
}

/**
 * Use a link up. Of two who come at once one gets it.
 *
 * @throws Refusal LINK_INVALID
 */
export async function takeLink(
  tx: Transaction,
  token: string,
  kind: LinkRow['kind'],
): Promise<LinkRow> {
  const [link] = await tx
    .delete(oneTimeLinks)
    .where(and(works(token), eq(oneTimeLinks.kind, kind)))
    .returning()
  if (!link) throw invalid()
  return link
}

/** Forget the links that nobody used in time. */
export async function sweepLinks(db: Database, now = new Date()): Promise<void> {
  await db.delete(oneTimeLinks).where(lt(oneTimeLinks.expiresAt, now))
}

/** Forget the links by which somebody could choose a new password. */
export async function dropResetLinks(tx: Transaction, userId: string): Promise<void> {
  await tx.delete(oneTimeLinks).where(sameAs({ kind: 'reset', userId }))
}

function sameAs(of: Purpose) {
  const ofUser = of.kind === 'reset' ? eq(oneTimeLinks.userId, of.userId) : undefined
  return and(eq(oneTimeLinks.kind, of.kind), ofUser)
}

function works(token: string) {
  return and(eq(oneTimeLinks.tokenHash, hashSecret(token)), gt(oneTimeLinks.expiresAt, new Date()))
}

const invalid = () =>
  refuse('LINK_INVALID', 'This link was used, was replaced by a newer one or has expired.')
