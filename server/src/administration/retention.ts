import { setTimeout as sleep } from 'node:timers/promises'
import { and, asc, eq, gt, inArray, isNotNull, isNull, lt, notExists } from 'drizzle-orm'
import { calls } from '../calls/schema.ts'
import type { Database } from '../db/database.ts'
import type { FileFolder } from '../files/folder.ts'
import { files } from '../files/schema.ts'
import { emptyMessages } from '../messages/delete.ts'
import { messageFiles, messages } from '../messages/schema.ts'
import type { Rules } from './rules.ts'

const dayMs = 24 * 3_600_000
/** Rows of one transaction, so that nobody waits long for a row that is held. */
const batch = 200
/** Milliseconds in which the database is left to the others. */
const pauseMs = 50

type Deps = { db: Database; folder: FileFolder; rules: Rules; now?: () => number }

/**
 * The least id (UUIDv7) of a moment in milliseconds. Ids grow with time, so that what is old is a
 * range of the primary key.
 */
export function firstIdAt(ms: number): string {
  const hex = Math.max(0, Math.floor(ms)).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}

/** Deletes what is older than the rules keep it. Servers may do it at the same time. */
export function makeRetention({ db, folder, rules, now = Date.now }: Deps) {
  /** All messages up to this id are empty; after a start it is found out once more. */
  let emptyUpTo = firstIdAt(0)

  async function deleteMessages(before: string): Promise<boolean> {
    const { last, fileIds } = await db.transaction(async (tx) => {
      const rows = await tx
        .select({ id: messages.id, system: messages.system, deletedAt: messages.deletedAt })
        .from(messages)
        .where(and(gt(messages.id, emptyUpTo), lt(messages.id, before)))
        .orderBy(asc(messages.id))
        .limit(batch)
        .for('update')
      const ids = rows.filter((row) => !row.system && !row.deletedAt).map(({ id }) => id)
      return { last: rows.at(-1)?.id, fileIds: await emptyMessages(tx, ids) }
    })
    await folder.remove(fileIds)
    if (last !== undefined) emptyUpTo = last
    return last !== undefined
  }

  /** A message that was nothing but its files is then one that was deleted. */
  async function deleteFiles(before: string): Promise<boolean> {
    const ids = await db.transaction(async (tx) => {
      const held = await tx
        .select({ id: files.id })
        .from(files)
        .where(and(eq(files.purpose, 'attachment'), lt(files.id, before)))
        .limit(batch)
        .for('update', { skipLocked: true })
      const fileIds = held.map(({ id }) => id)
      if (fileIds.length === 0) return []
      const carried = await tx
        .select({ messageId: messageFiles.messageId })
        .from(messageFiles)
        .where(inArray(messageFiles.fileId, fileIds))
      await tx.delete(files).where(inArray(files.id, fileIds))
      const carrier = carried.map(({ messageId }) => messageId)
      const carriesMore = tx
        .select({ fileId: messageFiles.fileId })
        .from(messageFiles)
        .where(eq(messageFiles.messageId, messages.id))
      const bare = and(eq(messages.body, ''), isNull(messages.deletedAt), notExists(carriesMore))
      const nothingElse = await tx
        .select({ id: messages.id })
        .from(messages)
        .where(and(inArray(messages.id, carrier), bare))
        .for('update')
      await emptyMessages(
        tx,
        nothingElse.map(({ id }) => id),
      )
      return fileIds
    })
    await folder.remove(ids)
    return ids.length === batch
  }

  async function deleteCalls(before: string): Promise<boolean> {
    const old = db
      .select({ id: calls.id })
      .from(calls)
      .where(and(lt(calls.id, before), isNotNull(calls.endedAt)))
      .limit(batch)
    const deleted = await db.delete(calls).where(inArray(calls.id, old)).returning({ id: calls.id })
    return deleted.length === batch
  }

  async function repeat(
    days: number | null,
    step: (before: string) => Promise<boolean>,
    signal: AbortSignal,
  ): Promise<void> {
    if (days === null) return
    const before = firstIdAt(now() - days * dayMs)
    while (!signal.aborted && (await step(before))) {
      await sleep(pauseMs, undefined, { signal }).catch(() => {})
    }
  }

  return {
    /** Delete all that is due, in small steps, until the signal says stop. */
    async sweep(signal: AbortSignal): Promise<void> {
      const { messageDays, fileDays, callDays } = (await rules.read(db)).retention
      await repeat(messageDays, deleteMessages, signal)
      await repeat(fileDays, deleteFiles, signal)
      await repeat(callDays, deleteCalls, signal)
    },
  }
}
