import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate as migrateNodePg } from 'drizzle-orm/node-postgres/migrator'
import type { PgliteDatabase } from 'drizzle-orm/pglite'
import { migrate } from 'drizzle-orm/pglite/migrator'
import type { Pool } from 'pg'
import { z } from 'zod'
import type { Database } from './database.ts'

export const migrationsFolder = join(import.meta.dirname, '../../../migrations')

/** Any number will do as long as no other user of the database takes the same. */
const lockId = 7_261_001

const journalSchema = z.looseObject({
  entries: z.array(z.looseObject({ tag: z.string(), when: z.number().int() })),
})

/** How far a database has come, and what this version would still apply. */
export type MigrationState = {
  /** The `when` of the newest migration that was applied; null on a database that is new. */
  level: number | null
  /** Names of those that are missing, in order. */
  pending: string[]
}

export type MigrateOptions = {
  /** Called before anything changes, while no other server migrates; what it throws stops it. */
  before?: (db: Database, state: MigrationState) => Promise<void>
  /** The `when` of the last migration to apply; all by default. */
  upTo?: number
}

/** Apply what is missing; several servers that start at once take turns. */
export async function migratePool(pool: Pool, options: MigrateOptions = {}): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('SELECT pg_advisory_lock($1)', [lockId])
    const db = drizzle(client)
    await options.before?.(db, await readMigrationState(db))
    await withMigrations(options.upTo, (folder) => migrateNodePg(db, { migrationsFolder: folder }))
  } finally {
    // Ending the connection releases the lock even when a migration failed halfway.
    client.release(true)
  }
}

/** The same for the embedded database, which has a single connection and needs no lock. */
export async function migratePglite(
  db: PgliteDatabase,
  options: MigrateOptions = {},
): Promise<void> {
  const same = db as unknown as Database
  await options.before?.(same, await readMigrationState(same))
  await withMigrations(options.upTo, (folder) => migrate(db, { migrationsFolder: folder }))
}

/** How far this database has come. */
export async function readMigrationState(db: Database): Promise<MigrationState> {
  const level = await readLevel(db)
  const { entries } = await readJournal()
  const pending = entries.filter(({ when }) => level === null || when > level)
  return { level, pending: pending.map(({ tag }) => tag) }
}

/** The `when` of the newest migration that this version knows. */
export async function newestLevel(): Promise<number> {
  const { entries } = await readJournal()
  return Math.max(...entries.map(({ when }) => when))
}

async function readLevel(db: Database): Promise<number | null> {
  const { rows: tables } = await db.execute<{ there: boolean }>(
    sql`SELECT to_regclass('drizzle.__drizzle_migrations') IS NOT NULL AS there`,
  )
  if (!tables[0]?.there) return null
  const { rows } = await db.execute<{ level: string | null }>(
    sql`SELECT max(created_at)::text AS level FROM drizzle.__drizzle_migrations`,
  )
  const level = rows[0]?.level
  return level == null ? null : Number(level)
}

async function readJournal() {
  const text = await readFile(join(migrationsFolder, 'meta', '_journal.json'), 'utf8')
  return journalSchema.parse(JSON.parse(text))
}

/** Drizzle applies whatever a folder holds, so that a part of them needs a folder of its own. */
async function withMigrations(upTo: number | undefined, work: (folder: string) => Promise<void>) {
  if (upTo === undefined) return work(migrationsFolder)
  const journal = await readJournal()
  const entries = journal.entries.filter(({ when }) => when <= upTo)
  const folder = await mkdtemp(join(tmpdir(), 'beseda-migrations-'))
  try {
    await mkdir(join(folder, 'meta'))
    const text = JSON.stringify({ ...journal, entries })
    await writeFile(join(folder, 'meta', '_journal.json'), text)
    for (const { tag } of entries) {
      await copyFile(join(migrationsFolder, `${tag}.sql`), join(folder, `${tag}.sql`))
    }
    await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
