import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { migrationsFolder } from './migrate.ts'

/** From this one on, servers of the version before go on working while a new one migrates. */
const first = '0008'

const breaking: [what: string, statement: RegExp][] = [
  ['takes a table or column away', /\bDROP\s+(TABLE|COLUMN|SCHEMA)\b/i],
  ['renames', /\bRENAME\b/i],
  ['changes a type', /\bSET\s+DATA\s+TYPE\b/i],
  ['demands what older versions do not write', /\bSET\s+NOT\s+NULL\b/i],
  [
    'adds a column that older versions do not write',
    /\bADD\s+COLUMN\s(?![^;]*\bDEFAULT\b)[^;]*\bNOT\s+NULL\b/i,
  ],
  ['takes a default away', /\bDROP\s+DEFAULT\b/i],
]

function complaints(sql: string): string[] {
  const statements = sql.split('--> statement-breakpoint')
  return breaking.filter(([, bad]) => statements.some((one) => bad.test(one))).map(([what]) => what)
}

test('no migration breaks the servers of the version before', async () => {
  const names = (await readdir(migrationsFolder)).filter((name) => name.endsWith('.sql'))
  for (const name of names.filter((one) => one >= first)) {
    const sql = await readFile(join(migrationsFolder, name), 'utf8')
    expect(complaints(sql), name).toEqual([])
  }
})

test.each([
  ['ALTER TABLE "users" DROP COLUMN "status";', 1],
  ['ALTER TABLE "users" RENAME COLUMN "a" TO "b";', 1],
  ['ALTER TABLE "users" ADD COLUMN "role" text NOT NULL;', 1],
  ['ALTER TABLE "users" ALTER COLUMN "role" SET NOT NULL;', 1],
  [`ALTER TABLE "users" ADD COLUMN "role" text DEFAULT 'member' NOT NULL;`, 0],
  ['ALTER TABLE "users" ADD COLUMN "role" text;', 0],
  ['CREATE TABLE "links" ("id" uuid PRIMARY KEY NOT NULL);', 0],
  ['DROP INDEX "users_idx";', 0],
])('%s', (sql, expected) => {
  expect(complaints(sql)).toHaveLength(expected)
})
