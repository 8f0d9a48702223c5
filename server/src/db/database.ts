import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { drizzle as drizzlePool, type NodePgQueryResultHKT } from 'drizzle-orm/node-postgres'
import type { PgDatabase } from 'drizzle-orm/pg-core'
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite'
import { Pool } from 'pg'
import { type MigrateOptions, migratePglite, migratePool } from './migrate.ts'

/** Both drivers answer a raw `execute` with `rows`, so one type of result stands for either. */
export type Database = PgDatabase<NodePgQueryResultHKT, Record<string, never>>

/** What runs inside `db.transaction`. PGlite has one connection: never await `db` in there. */
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0]

/** A database with its migrations applied, and the way to let go of it. */
export type OpenDatabase = {
  db: Database
  close: () => Promise<void>
  /** Connections of the pool, where there is one, and queries that wait for one. */
  pool?: (() => { busy: number; idle: number; waiting: number }) | undefined
}

/**
 * Connect to a PostgreSQL server and bring it up to date.
 *
 * @throws when the server can't be reached or a migration fails
 */
export async function openPool(
  url: string,
  onError: (error: Error) => void,
  options?: MigrateOptions,
): Promise<OpenDatabase> {
  const pool = makePool(url, onError)
  try {
    await migratePool(pool, options)
  } catch (error) {
    await pool.end()
    throw error
  }
  const count = () => {
    const { totalCount, idleCount: idle, waitingCount: waiting } = pool
    return { busy: totalCount - idle, idle, waiting }
  }
  return { db: drizzlePool(pool), close: () => pool.end(), pool: count }
}

function makePool(url: string, onError: (error: Error) => void): Pool {
  const pool = new Pool({
    connectionString: url,
    max: 20,
    connectionTimeoutMillis: 5_000,
    // Compiling a statement pays for itself in minutes-long ones, and there are none. The pool
    // waits for this before it hands the connection out.
    onConnect: async (client) => {
      await client.query('SET jit = off').catch(onError)
    },
  })
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', onError)
  return pool
}

/** Connect to a PostgreSQL server, or start the embedded database of `dataDir`, and change nothing. */
export function openUnchanged(url: string | undefined, dataDir: string): OpenDatabase {
  if (url === undefined) {
    const client = makePglite(embeddedFolder(dataDir))
    return { db: drizzlePglite(client) as unknown as Database, close: () => client.close() }
  }
  const pool = makePool(url, () => {})
  return { db: drizzlePool(pool), close: () => pool.end() }
}

/** Start the embedded database in `folder`, or in memory without one. */
export async function openEmbedded(
  folder?: string,
  options?: MigrateOptions,
): Promise<OpenDatabase> {
  if (folder !== undefined) await mkdir(folder, { recursive: true })
  return preparePglite(makePglite(folder), options)
}

function makePglite(folder?: string): PGlite {
  return new PGlite({ ...(folder && { dataDir: folder }), extensions: { pg_trgm } })
}

/** Bring a PGlite that is made already up to date. */
export async function preparePglite(
  client: PGlite,
  options?: MigrateOptions,
): Promise<OpenDatabase> {
  const db = drizzlePglite(client)
  try {
    await migratePglite(db, options)
  } catch (error) {
    await client.close()
    throw error
  }
  return { db: db as unknown as Database, close: () => client.close() }
}

/** Where the embedded database lies. */
export function embeddedFolder(dataDir: string) {
  return join(dataDir, 'postgres')
}
