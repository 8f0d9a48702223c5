import { type SQL, sql } from 'drizzle-orm'
import type { Transaction } from '../db/database.ts'

/** A table of Beseda and the columns that are written to it. */
export type Table = { name: string; columns: string[] }

/** How many rows are held in memory at once. */
const batch = 500

/** Every table that migrations have made, whatever this version knows of them. */
export async function listTables(tx: Transaction): Promise<Table[]> {
  const { rows } = await tx.execute<Table>(sql`
    SELECT c.relname AS name, json_agg(a.attname ORDER BY a.attname) AS columns
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
      AND NOT a.attisdropped AND a.attgenerated = ''
    GROUP BY c.relname
    ORDER BY c.relname`)
  return rows
}

/** All rows of a table as JSON in PostgreSQL's own words, some hundreds at a time. */
export async function* readRows(tx: Transaction, table: Table): AsyncGenerator<string[]> {
  const from = sql.identifier(table.name)
  await tx.execute(sql`
    DECLARE table_rows NO SCROLL CURSOR FOR
    SELECT row_to_json(r)::text AS row FROM (SELECT ${columnList(table)} FROM ${from}) r`)
  for (;;) {
    const fetched = await tx.execute<{ row: string }>(
      sql.raw(`FETCH FORWARD ${batch} FROM table_rows`),
    )
    if (fetched.rows.length === 0) break
    yield fetched.rows.map(({ row }) => row)
  }
  await tx.execute(sql`CLOSE table_rows`)
}

/** Write rows that `readRows` gave. */
export async function insertRows(tx: Transaction, table: Table, rows: string[]): Promise<void> {
  const into = sql.identifier(table.name)
  const columns = columnList(table)
  await tx.execute(sql`
    INSERT INTO ${into} (${columns}) OVERRIDING SYSTEM VALUE
    SELECT ${columns} FROM json_populate_recordset(NULL::${into}, ${`[${rows.join(',')}]`}::json)`)
}

/** Moments are written in UTC, whatever the server's time zone. */
export async function speakUtc(tx: Transaction): Promise<void> {
  await tx.execute(sql`SET LOCAL TIME ZONE 'UTC'`)
}

function columnList({ columns }: Table): SQL {
  return sql.join(
    columns.map((column) => sql.identifier(column)),
    sql`, `,
  )
}
