import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const count = z.number().int().min(0)

/** One table as it was dumped. */
const tableSchema = z.object({
  name: z.string(),
  columns: z.array(z.string()),
  rows: count,
  /** See `addRow`. */
  digest: z.string().regex(/^[\da-f]{64}$/),
})
export type DumpedTable = z.infer<typeof tableSchema>

/** A database in `database/`, a file of gzipped JSON lines for each table. */
export const databaseDumpSchema = z.object({
  /** The `when` of the newest migration that was applied. */
  level: z.number().int(),
  tables: z.array(tableSchema),
})
export type DatabaseDump = z.infer<typeof databaseDumpSchema>

/** `manifest.json`: what a backup holds. */
export const manifestSchema = z.object({
  format: z.literal(1),
  madeAt: z.iso.datetime(),
  database: databaseDumpSchema,
  /** Absent from a snapshot of the database alone. */
  files: z
    .object({
      count,
      bytes: count,
      /** Files whose bytes were gone already when the backup was made. */
      missing: z.array(z.uuid()),
    })
    .optional(),
})
export type Manifest = z.infer<typeof manifestSchema>

/** Where the parts of a backup lie in its folder. */
export const parts = {
  manifest: 'manifest.json',
  database: 'database',
  files: 'files',
} as const

/** @throws when `folder` holds no backup of a format that is known */
export async function readManifest(folder: string): Promise<Manifest> {
  return manifestSchema.parse(JSON.parse(await readFile(join(folder, parts.manifest), 'utf8')))
}
