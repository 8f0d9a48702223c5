import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { StartError } from '../errors.ts'
import type { Database } from './database.ts'
import type { MigrationState } from './migrate.ts'

/** Lies in `DATA_DIR` since its database was first set up. */
const markFile = 'installation.json'

/** The embedded database, or a PostgreSQL server: who goes from one to the other means it. */
export type DatabaseKind = 'embedded' | 'server'

const markSchema = z.object({ since: z.iso.datetime(), database: z.enum(['embedded', 'server']) })

export type Installation = {
  /** The mark of a database of this kind is in the data folder. */
  marked: boolean
  /** Nothing was ever set up in the database. */
  newDatabase: boolean
  /** The database knows files. */
  knowsFiles: boolean
  /** The folder of files is not there, or nothing is in it. */
  noBytes: boolean
}

/** What has been lost between two starts, if anything: a volume that was not mounted, a wrong address. */
export function missingPart(found: Installation): 'database' | 'files' | undefined {
  if (found.marked) return found.newDatabase ? 'database' : undefined
  return !found.newDatabase && found.knowsFiles && found.noBytes ? 'files' : undefined
}

/**
 * Refuse to go on where an earlier start left more than there is now: somebody would sign up in
 * an empty house and believe that all is lost.
 *
 * @throws StartError that says what is missing and how to go on without
 */
export async function requireSameInstallation(
  db: Database,
  { level }: MigrationState,
  dataDir: string,
  kind: DatabaseKind,
): Promise<void> {
  const mark = join(dataDir, markFile)
  const folder = join(dataDir, 'files')
  const missing = missingPart({
    marked: await isMarked(dataDir, kind),
    newDatabase: level === null,
    knowsFiles: level !== null && (await hasFiles(db)),
    noBytes: (await readdir(folder).catch(() => [])).length === 0,
  })
  if (missing === 'database') {
    throw new StartError(
      `The database is empty, but ${dataDir} belongs to a Beseda that has been in use: correct DATABASE_URL or mount the volume of the database, restore a backup into it (npx pnpm restore), or remove ${mark} to begin anew.`,
    )
  }
  if (missing === 'files') {
    throw new StartError(
      `The database knows uploaded files, but ${folder} is empty: correct DATA_DIR or mount the volume of the files, or create an empty file ${mark} to go on without them.`,
    )
  }
}

/** Write down that the database of this data folder has been set up. */
export async function markInstallation(dataDir: string, kind: DatabaseKind): Promise<void> {
  if (await isMarked(dataDir, kind)) return
  const mark: z.output<typeof markSchema> = { since: new Date().toISOString(), database: kind }
  await writeFile(join(dataDir, markFile), `${JSON.stringify(mark)}\n`, { mode: 0o600 })
}

/** Whether the mark is there; one that a person made says nothing of the kind, and is one of any. */
async function isMarked(dataDir: string, kind: DatabaseKind): Promise<boolean> {
  const text = await readFile(join(dataDir, markFile), 'utf8').catch(() => undefined)
  if (text === undefined) return false
  const mark = markSchema.safeParse(parsed(text))
  return !mark.success || mark.data.database === kind
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function hasFiles(db: Database): Promise<boolean> {
  const { rows: tables } = await db.execute<{ there: boolean }>(
    sql`SELECT to_regclass('public.files') IS NOT NULL AS there`,
  )
  if (!tables[0]?.there) return false
  const { rows } = await db.execute<{ some: boolean }>(
    sql`SELECT EXISTS (SELECT FROM files) AS some`,
  )
  return rows[0]?.some ?? false
}

/** Whether nobody has ever signed up. */
export async function isUnused(db: Database): Promise<boolean> {
  const { rows } = await db.execute<{ none: boolean }>(
    sql`SELECT NOT EXISTS (SELECT FROM users) AS none`,
  )
  return rows[0]?.none ?? true
}
