import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { Client } from 'pg'
import { v7 } from 'uuid'
import { type OpenDatabase, openPool, preparePglite } from '../db/database.ts'
import { migrationsFolder } from '../db/migrate.ts'

/**
 * A database of its own for a test file: a new one on the PostgreSQL of
 * `TEST_DATABASE_URL`, else one in memory.
 */
export function openTestDatabase(): Promise<OpenDatabase> {
  const url = process.env.TEST_DATABASE_URL
  return url === undefined ? openInMemory() : openOnServer(url)
}

async function openOnServer(url: string): Promise<OpenDatabase> {
  const name = `beseda_test_${v7().replaceAll('-', '')}`
  await administer(url, `CREATE DATABASE ${name}`)
  const own = new URL(url)
  own.pathname = `/${name}`
  const database = await openPool(own.href, () => {})
  async function close() {
    await database.close()
    await administer(url, `DROP DATABASE ${name} WITH (FORCE)`)
  }
  return { db: database.db, close }
}

async function administer(url: string, statement: string) {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(statement).finally(() => client.end())
}

/** A first start takes seconds, so a migrated data folder is kept in the system's temporary one. */
async function openInMemory(): Promise<OpenDatabase> {
  const folder = process.env.TEST_CACHE_DIR ?? tmpdir()
  const path = join(folder, `beseda-test-database-${await migrationsHash()}.tar`)
  if (existsSync(path)) {
    const loadDataDir = new Blob([await readFile(path)])
    return preparePglite(new PGlite({ loadDataDir, extensions: { pg_trgm } }))
  }
  const client = new PGlite({ extensions: { pg_trgm } })
  const database = await preparePglite(client)
  const dump = await client.dumpDataDir('none')
  const partial = `${path}.${process.pid}`
  await writeFile(partial, Buffer.from(await dump.arrayBuffer()))
  await rename(partial, path)
  return database
}

async function migrationsHash(): Promise<string> {
  const hash = createHash('sha256')
  const names = (await readdir(migrationsFolder)).filter((name) => name.endsWith('.sql'))
  for (const name of names.sort()) hash.update(await readFile(join(migrationsFolder, name)))
  return hash.digest('hex').slice(0, 16)
}
