import { setTimeout as sleep } from 'node:timers/promises'
import { and, asc, eq, inArray, lt, not, notExists, type SQL } from 'drizzle-orm'
import type { Logger } from 'pino'
import type { Database, Transaction } from '../db/database.ts'
import { messageFiles } from '../messages/schema.ts'
import { users } from '../users/schema.ts'
import { isPicture } from './access.ts'
import type { FileFolder } from './folder.ts'
import { files } from './schema.ts'

const firstAfterMs = 60_000
const sweepEveryMs = 3_600_000
/** How long an upload may wait to be sent, or to become a picture. */
const keptUnusedMs = 24 * 3_600_000
const batch = 500

type Deps = { db: Database; folder: FileFolder; log: Logger; now?: () => number }

/** Removes uploads that nobody used. Servers may sweep at the same time, also over one folder. */
export function makeFileSweep({ db, folder, log, now = Date.now }: Deps) {
  /** Remove uploads that no message carries and that are nobody's picture. */
  async function removeUnused(): Promise<void> {
    for (;;) {
      const ids = await db.transaction((tx) => deleteUnused(tx, new Date(now() - keptUnusedMs)))
      await folder.remove(ids)
      if (ids.length < batch) return
    }
  }

  /** Remove bytes without a row: of uploads that broke off and of deletions that did. */
  async function removeLeftovers(): Promise<void> {
    const since = await firstUserAt()
    if (since === undefined) return
    const found = new Set<string>()
    for await (const id of folder.ids()) {
      if (isLeftover(id, since, now() - keptUnusedMs)) found.add(id)
      if (found.size >= batch) await removeWithoutRow(found)
    }
    await removeWithoutRow(found)
  }

  async function removeWithoutRow(found: Set<string>) {
    const ids = [...found]
    found.clear()
    if (ids.length === 0) return
    const rows = await db.select({ id: files.id }).from(files).where(inArray(files.id, ids))
    const known = new Set(rows.map(({ id }) => id))
    await folder.remove(ids.filter((id) => !known.has(id)))
  }

  /** When this database was first used, in milliseconds. */
  async function firstUserAt(): Promise<number | undefined> {
    const [user] = await db
      .select({ createdAt: users.createdAt })
      .from(users)
      .orderBy(asc(users.id))
      .limit(1)
    return user?.createdAt.getTime()
  }

  const attempt = (work: () => Promise<void>) =>
    work().catch((error) => log.warn({ err: error }, 'a sweep over the files failed'))

  /** Do both now and then until closed. */
  function run() {
    const closing = new AbortController()
    const pause = (ms: number) => sleep(ms, undefined, { signal: closing.signal }).catch(() => {})
    async function loop() {
      await pause(firstAfterMs)
      while (!closing.signal.aborted) {
        await attempt(removeUnused)
        await attempt(removeLeftovers)
        await pause(sweepEveryMs)
      }
    }
    const running = loop()
    return {
      async close() {
        closing.abort()
        await running
      },
    }
  }

  return { removeUnused, removeLeftovers, run }
}

/**
 * Whether bytes under this id belong to a row, if to any, that is long since
 * written. Those of before this database began are another's: somebody started
 * the server on the wrong one, or before bringing its content over.
 */
export function isLeftover(id: string, since: number, until: number): boolean {
  if (!/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[\da-f]{4}-[\da-f]{12}$/.test(id)) return false
  const madeAt = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
  return madeAt > since && madeAt < until
}

/**
 * Rows that somebody is sending or using right now are held and skipped; with
 * the others held, a second look sees whatever was done just before.
 */
async function deleteUnused(tx: Transaction, before: Date): Promise<string[]> {
  const unused = isUnused(tx, before)
  const held = await tx
    .select({ id: files.id })
    .from(files)
    .where(unused)
    .limit(batch)
    .for('update', { skipLocked: true })
  if (held.length === 0) return []
  const ids = held.map(({ id }) => id)
  const deleted = await tx
    .delete(files)
    .where(and(inArray(files.id, ids), unused))
    .returning({ id: files.id })
  return deleted.map(({ id }) => id)
}

function isUnused(tx: Transaction, before: Date): SQL | undefined {
  return and(
    lt(files.createdAt, before),
    notExists(
      tx
        .select({ fileId: messageFiles.fileId })
        .from(messageFiles)
        .where(eq(messageFiles.fileId, files.id)),
    ),
    not(isPicture(tx)),
  )
}
