import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import type { Database, Transaction } from '../db/database.ts'
import { readMigrationState } from '../db/migrate.ts'
import { makeDigest } from './digest.ts'
import type { DatabaseDump, DumpedTable } from './manifest.ts'
import { listTables, readRows, speakUtc, type Table } from './tables.ts'

/**
 * Write the whole database to `folder` as of one moment, while it is in use. PostgreSQL goes on
 * meanwhile; the embedded database has one connection, so that everybody else waits.
 *
 * @param atMoment called with the transaction as soon as it sees that moment
 */
export async function dumpDatabase(
  db: Database,
  folder: string,
  atMoment: (tx: Transaction) => Promise<void> = async () => {},
): Promise<DatabaseDump> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return db.transaction(
    async (tx) => {
      await speakUtc(tx)
      const { level } = await readMigrationState(tx)
      if (level === null) throw new Error('the database is empty')
      await atMoment(tx)
      const tables: DumpedTable[] = []
      for (const table of await listTables(tx)) tables.push(await dumpTable(tx, table, folder))
      return { level, tables }
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  )
}

async function dumpTable(tx: Transaction, table: Table, folder: string): Promise<DumpedTable> {
  const digest = makeDigest()
  async function* lines() {
    for await (const rows of readRows(tx, table)) {
      for (const row of rows) digest.add(row)
      yield `${rows.join('\n')}\n`
    }
  }
  await pipeline(
    Readable.from(lines()),
    createGzip({ level: 1 }),
    createWriteStream(tableFile(folder, table), { mode: 0o600, flush: true }),
  )
  return { ...table, ...digest.result() }
}

/** The rows of a dumped table, one by one. */
export async function* readDump(folder: string, table: Table): AsyncGenerator<string> {
  const input = createReadStream(tableFile(folder, table))
  const text = createGunzip()
  const reading = pipeline(input, text)
  // Told at the end; until then nobody listens.
  reading.catch(() => {})
  let rest = ''
  for await (const chunk of text.setEncoding('utf8')) {
    // By hand: readline takes U+2028 for the end of a line, and JSON does not escape it.
    const lines = `${rest}${chunk}`.split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  await reading
}

function tableFile(folder: string, { name }: Table): string {
  return join(folder, `${name}.jsonl.gz`)
}
