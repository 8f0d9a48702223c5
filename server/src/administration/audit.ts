import type { AuditAction, AuditEntry, auditQuerySchema } from '@beseda/protocol/administration'
import type { Page } from '@beseda/protocol/pages'
import { desc, lt } from 'drizzle-orm'
import { z } from 'zod'
import type { Database, Transaction } from '../db/database.ts'
import { cutPage, parseCursor } from '../http/cursor.ts'
import type { Actor } from './actor.ts'
import { auditLog } from './schema.ts'

/** What was done, to whom; `details` must hold no secret. */
export type Deed = {
  action: AuditAction
  target?: { id: string | null; name: string }
  details?: Record<string, unknown>
}

/** Write an administrative act down, in the transaction that does it where it is one of the database. */
export async function writeAudit(
  tx: Database | Transaction,
  { userId, name, ip }: Actor,
  { action, target, details = {} }: Deed,
): Promise<void> {
  await tx.insert(auditLog).values({
    at: new Date(),
    action,
    actorId: userId,
    actorName: name,
    targetId: target?.id ?? null,
    targetName: target?.name ?? null,
    ip,
    details,
  })
}

const placeSchema = z.tuple([z.uuid()])

/** A page of the audit log, newest first. */
export async function listAudit(
  db: Database,
  { cursor, limit }: z.output<typeof auditQuerySchema>,
): Promise<Page<AuditEntry>> {
  const place = parseCursor(placeSchema, cursor)
  const rows = await db
    .select()
    .from(auditLog)
    .where(place && lt(auditLog.id, place[0]))
    // The ids grow with time (UUIDv7).
    .orderBy(desc(auditLog.id))
    .limit(limit + 1)
  const page = cutPage(rows, limit, ({ id }) => [id])
  return { ...page, items: page.items.map(toEntry) }
}

function toEntry(row: typeof auditLog.$inferSelect): AuditEntry {
  const { id, at, action, actorId, actorName, targetId, targetName, ip, details } = row
  return {
    id,
    at: at.toISOString(),
    action,
    actor: { id: actorId, name: actorName },
    target: targetName === null ? null : { id: targetId, name: targetName },
    ip,
    details,
  }
}
