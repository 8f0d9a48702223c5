import { join } from 'node:path'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate as migrateNodePg } from 'drizzle-orm/node-postgres/migrator'
import type { PgliteDatabase } from 'drizzle-orm/pglite'
import { migrate } from 'drizzle-orm/pglite/migrator'
import type { Pool } from 'pg'

export const migrationsFolder = join(import.meta.dirname, '../../../migrations')

/** Any number will do as long as no other user of the database takes the same. */
const lockId = 7_261_001

/** Apply what is missing; several servers that start at once take turns. */
export async function migratePool(pool: Pool): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('SELECT pg_advisory_lock($1)', [lockId])
    await migrateNodePg(drizzle(client), { migrationsFolder })
  } finally {
    // Ending the connection releases the lock even when a migration failed halfway.
    client.release(true)
  }
}

/** The same for the embedded database, which has a single connection and needs no lock. */
export async function migratePglite(db: PgliteDatabase): Promise<void> {
  await migrate(db, { migrationsFolder })
}
