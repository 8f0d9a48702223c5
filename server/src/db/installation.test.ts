import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase } from '../testing/database.ts'
import type { OpenDatabase } from './database.ts'
import {
  type Installation,
  isUnused,
  markInstallation,
  missingPart,
  requireSameInstallation,
} from './installation.ts'

const inUse: Installation = { marked: true, newDatabase: false, knowsFiles: true, noBytes: false }

test.each<[string, Partial<Installation>, ReturnType<typeof missingPart>]>([
  ['all is there', {}, undefined],
  ['nothing was ever there', { marked: false, newDatabase: true, knowsFiles: false }, undefined],
  ['the database is another, new one', { newDatabase: true, knowsFiles: false }, 'database'],
  ['the data folder is another, new one', { marked: false, noBytes: true }, 'files'],
  ['nobody ever sent a file', { marked: false, knowsFiles: false, noBytes: true }, undefined],
  ['all files have been deleted', { noBytes: true }, undefined],
  ['the folder is older than the mark', { marked: false }, undefined],
])('%s', (_, found, expected) => {
  expect(missingPart({ ...inUse, ...found })).toBe(expected)
})

let database: OpenDatabase
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'beseda-installation-'))
  database = await openTestDatabase()
})
afterAll(async () => {
  await database.close()
  await rm(folder, { recursive: true })
})

test('a new database under a data folder in use is refused, until the mark is removed', async () => {
  const dataDir = await mkdtemp(join(folder, 'first-'))
  expect(await isUnused(database.db)).toBe(true)
  const fresh = { level: null, pending: ['0000_first'] }
  await requireSameInstallation(database.db, fresh, dataDir, 'embedded')
  await markInstallation(dataDir, 'embedded')
  const refused = requireSameInstallation(database.db, fresh, dataDir, 'embedded')
  await expect(refused).rejects.toThrow(
    /^The database is empty, but .* remove .*installation\.json/,
  )
  // A PostgreSQL server in place of the embedded database is no accident.
  await requireSameInstallation(database.db, fresh, dataDir, 'server')
  await markInstallation(dataDir, 'server')
  await requireSameInstallation(database.db, fresh, dataDir, 'embedded')
  await markInstallation(dataDir, 'embedded')
  await rm(join(dataDir, 'installation.json'))
  await requireSameInstallation(database.db, fresh, dataDir, 'embedded')
})

test('an empty folder under a database with files is refused, until it is marked', async () => {
  const dataDir = await mkdtemp(join(folder, 'second-'))
  const { db } = database
  const { rows } = await db.execute<{ id: string }>(sql`
    INSERT INTO users (id, username, password_hash, display_name, search_text, created_at)
    VALUES (gen_random_uuid(), 'anna', '', 'Anna', 'anna', now()) RETURNING id`)
  await db.execute(sql`
    INSERT INTO files (id, owner_id, purpose, kind, name, mime_type, size, has_thumbnail, created_at)
    VALUES (gen_random_uuid(), ${rows[0]?.id}, 'attachment', 'file', 'a.txt', 'text/plain', 1, false, now())`)
  const known = { level: 1, pending: [] }
  const refused = requireSameInstallation(db, known, dataDir, 'embedded')
  await expect(refused).rejects.toThrow(/^The database knows uploaded files, but .*files is empty/)
  await mkdir(join(dataDir, 'files'))
  await writeFile(join(dataDir, 'files', 'one'), 'x')
  await requireSameInstallation(db, known, dataDir, 'embedded')
  await rm(join(dataDir, 'files'), { recursive: true })
  await writeFile(join(dataDir, 'installation.json'), '')
  await requireSameInstallation(db, known, dataDir, 'embedded')
})

test('the mark keeps its first time', async () => {
  const dataDir = await mkdtemp(join(folder, 'third-'))
  await markInstallation(dataDir, 'embedded')
  const first = await readFile(join(dataDir, 'installation.json'), 'utf8')
  await markInstallation(dataDir, 'embedded')
  expect(await readFile(join(dataDir, 'installation.json'), 'utf8')).toBe(first)
})
