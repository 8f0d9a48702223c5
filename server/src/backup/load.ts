import { sql } from 'drizzle-orm'
import type { Database, Transaction } from '../db/database.ts'
import { makeDigest } from './digest.ts'
import { readDump } from './dump.ts'
import type { DatabaseDump, DumpedTable } from './manifest.ts'
import { insertRows, listTables, readRows, speakUtc } from './tables.ts'

const batch = 500

/**
 * Fill a database that stands at the dump's level with what was dumped to `folder`, then read it
 * back and compare. All of it or nothing.
 *
 * @throws when the database has other tables, or holds something else than the dump afterwards
 */
export async function loadDatabase(
  db: Database,
  folder: string,
  { tables }: DatabaseDump,
): Promise<void> {
  await db.transaction(async (tx) => {
    await speakUtc(tx)
    await requireSameTables(tx, tables)
    const mend = await withoutForeignKeys(tx)
    // Migrations may have written first rows.
    for (const { name } of tables) await tx.execute(sql`DELETE FROM ${sql.identifier(name)}`)
    for (const table of tables) {
      await loadTable(tx, table, folder)
      await requireSameRows(tx, table)
    }
    await mend()
    await advanceSequences(tx)
  })
}

async function loadTable(tx: Transaction, table: DumpedTable, folder: string): Promise<void> {
  let rows: string[] = []
  for await (const row of readDump(folder, table)) {
    rows.push(row)
    if (rows.length < batch) continue
    await insertRows(tx, table, rows)
    rows = []
  }
  if (rows.length > 0) await insertRows(tx, table, rows)
}

async function requireSameTables(tx: Transaction, dumped: DumpedTable[]): Promise<void> {
  const describe = (tables: { name: string; columns: string[] }[]) =>
    tables.map(({ name, columns }) => `${name}(${columns.join()})`).join()
  if (describe(await listTables(tx)) !== describe(dumped)) {
    throw new Error('the database does not have the tables of the backup')
  }
}

async function requireSameRows(tx: Transaction, table: DumpedTable): Promise<void> {
  const digest = makeDigest()
  for await (const rows of readRows(tx, table)) for (const row of rows) digest.add(row)
  const found = digest.result()
  if (found.rows === table.rows && found.digest === table.digest) return
  throw new Error(
    `the table ${table.name} holds ${found.rows} rows that differ from the ${table.rows} of the backup`,
  )
}

/**
 * Take the foreign keys away: rows refer to each other across tables and within one, so that no
 * order of tables would do. Putting them back checks every row.
 */
async function withoutForeignKeys(tx: Transaction): Promise<() => Promise<void>> {
  const { rows } = await tx.execute<{ of: string; name: string; definition: string }>(sql`
    SELECT conrelid::regclass::text AS of, quote_ident(conname) AS name,
      pg_get_constraintdef(oid) AS definition
    FROM pg_constraint
    WHERE contype = 'f' AND connamespace = 'public'::regnamespace`)
  const alter = (text: string) => tx.execute(sql.raw(`ALTER TABLE ${text}`))
  for (const { of, name } of rows) await alter(`${of} DROP CONSTRAINT ${name}`)
  return async () => {
    for (const { of, name, definition } of rows) {
      await alter(`${of} ADD CONSTRAINT ${name} ${definition}`)
    }
  }
}

/** Let numbers that the database gives out go on after those that are there. */
async function advanceSequences(tx: Transaction): Promise<void> {
  const { rows } = await tx.execute<{ sequence: string; of: string; column: string }>(sql`
    SELECT pg_get_serial_sequence(c.oid::regclass::text, a.attname) AS sequence,
      c.oid::regclass::text AS of, quote_ident(a.attname) AS column
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
      AND pg_get_serial_sequence(c.oid::regclass::text, a.attname) IS NOT NULL`)
  for (const { sequence, of, column } of rows) {
    await tx.execute(
      sql`SELECT setval(${sequence}::regclass, max(${sql.raw(column)})) FROM ${sql.raw(of)}`,
    )
  }
}
