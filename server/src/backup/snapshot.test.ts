import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { sql } from 'drizzle-orm'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { preparePglite } from '../db/database.ts'
import type { MigrateOptions } from '../db/migrate.ts'
import { readManifest } from './manifest.ts'
import { snapshotBeforeMigrating } from './snapshot.ts'

/** When the second migration was made, the first with tables. */
const old = 1795224173712
const log = pino({ level: 'silent' })

let dataDir: string
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'beseda-snapshot-'))
})
afterAll(() => rm(dataDir, { recursive: true }))

const before: MigrateOptions['before'] = (db, state) =>
  snapshotBeforeMigrating(db, state, { dataDir, log })
const snapshots = () => readdir(join(dataDir, 'snapshots')).catch(() => [])

test('a database that people use is kept as it was before it is migrated', async () => {
  const client = new PGlite({ extensions: { pg_trgm } })
  await preparePglite(client, { upTo: old, before })
  const { db } = await preparePglite(client, { upTo: old + 1, before })
  expect(await snapshots()).toEqual([])
  await db.execute(sql`
    INSERT INTO users (id, username, password_hash, display_name, search_text, created_at)
    VALUES (gen_random_uuid(), 'anna', '', 'Anna', 'anna', now())`)

  // One that can't be written stops it.
  await writeFile(join(dataDir, 'snapshots'), 'in the way')
  const migrating = snapshotBeforeMigrating(db, { level: old, pending: ['next'] }, { dataDir, log })
  await expect(migrating).rejects.toThrow(/so it was not migrated/)
  await rm(join(dataDir, 'snapshots'))

  for (let i = 1; i <= 3; i += 1) {
    const state = { level: old, pending: [`000${i}_other`] }
    await snapshotBeforeMigrating(db, state, { dataDir, log })
  }
  await preparePglite(client, { before })
  const names = await snapshots()
  expect(names).toHaveLength(3)
  expect(names.join()).not.toContain('0001_other')
  const mine = names.find((name) => name.includes('before-0002_calls')) ?? ''
  const { database } = await readManifest(join(dataDir, 'snapshots', mine))
  expect(database.level).toBe(old)
  expect(database.tables.find(({ name }) => name === 'users')?.rows).toBe(1)
  expect(database.tables.map(({ name }) => name)).not.toContain('message_files')

  await preparePglite(client, { before })
  expect(await snapshots()).toEqual(names)
  await client.close()
}, 60_000)
