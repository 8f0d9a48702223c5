import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Database } from '../db/database.ts'
import { isUnused } from '../db/installation.ts'
import type { MigrationState } from '../db/migrate.ts'
import { StartError } from '../errors.ts'
import { stageDatabase } from './stage.ts'

/** Older ones go when a new one is written. */
const kept = 3

/**
 * Write the database to `dataDir/snapshots` when a migration is about to change one that people
 * use. `npx pnpm restore` takes the folder.
 *
 * @throws StartError when it can't be written: then nothing is migrated
 */
export async function snapshotBeforeMigrating(
  db: Database,
  { level, pending }: MigrationState,
  { dataDir, log }: { dataDir: string; log: Logger },
): Promise<void> {
  const [next] = pending
  if (level === null || next === undefined || (await isUnused(db))) return
  const all = join(dataDir, 'snapshots')
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '')
  const folder = join(all, `${time}Z-before-${next}`)
  const partial = `${folder}.part`
  try {
    await mkdir(partial, { recursive: true, mode: 0o700 })
    await stageDatabase(db, partial)
    await rename(partial, folder)
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => {})
    const reason = error instanceof Error ? error.message : String(error)
    throw new StartError(
      `No snapshot of the database could be written to ${folder} (${reason}), so it was not migrated: make room there or make it writable.`,
    )
  }
  log.warn({ folder, pending }, `the database is migrated; as it was, it is in ${folder}`)
  await removeOld(all)
}

/** Their names begin with their time. */
async function removeOld(all: string): Promise<void> {
  const names = (await readdir(all)).filter((name) => name.includes('-before-')).sort()
  for (const name of names.slice(0, -kept)) {
    await rm(join(all, name), { recursive: true, force: true })
  }
}
