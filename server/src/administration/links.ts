import type { LinkPreview } from '@beseda/protocol/auth'
import { and, eq, gt, lt } from 'drizzle-orm'
import { hashSecret, newSecret } from '../auth/refresh-token.ts'
import type { Database, Transaction } from '../db/database.ts'
import { refuse } from '../errors.ts'
import { oneTimeLinks } from './schema.ts'

type LinkRow = typeof oneTimeLinks.$inferSelect

/** Milliseconds that a one-time link works. */
export const linkMs = 24 * 60 * 60_000

/** A secret that stands in a link; only its hash is kept. */
export type NewLink = { token: string; expiresAt: Date }

/** Make a one-time link; earlier ones for the same go. */
export async function makeLink(tx: Transaction, of: Pick<LinkRow, 'kind'>): Promise<NewLink> {
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
  const [link] = await db.select().from(oneTimeLinks).where(works(token))
  if (!link) throw invalid()
  return { kind: link.kind, expiresAt: link.expiresAt.toISOString() }
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

const sameAs = ({ kind }: Pick<LinkRow, 'kind'>) => eq(oneTimeLinks.kind, kind)

function works(token: string) {
  return and(eq(oneTimeLinks.tokenHash, hashSecret(token)), gt(oneTimeLinks.expiresAt, new Date()))
}

const invalid = () =>
  refuse('LINK_INVALID', 'This link was used, was replaced by a newer one or has expired.')
