import { link, mkdir, opendir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database, Transaction } from '../db/database.ts'
import { files } from '../files/schema.ts'
import { dumpDatabase } from './dump.ts'
import { type Manifest, parts } from './manifest.ts'

type FileRow = { id: string; hasThumbnail: boolean }

/**
 * Lay out a backup in `folder`, which must be on the file system of `dataDir`: the database as of
 * one moment and, by hard links, the bytes of the files that it knew then. A file never changes
 * once it has its name, and one that is deleted meanwhile stays linked.
 */
export async function stageBackup(
  { db, dataDir }: { db: Database; dataDir: string },
  folder: string,
): Promise<Manifest> {
  const source = join(dataDir, 'files')
  const target = join(folder, parts.files)
  await mkdir(target, { recursive: true, mode: 0o700 })
  // Most of the work before the moment, so that next to nothing can be deleted after it.
  const linked = await linkFiles(source, target, new Set())
  let rows: FileRow[] = []
  const database = await dumpDatabase(db, join(folder, parts.database), async (tx) => {
    rows = await readFileRows(tx)
    await linkFiles(source, target, linked)
  })
  const kept = await keepFilesOf(rows, target, linked)
  const manifest: Manifest = {
    format: 1,
    madeAt: new Date().toISOString(),
    database,
    files: kept,
  }
  await writeManifest(folder, manifest)
  return manifest
}

/** Lay out the database alone. */
export async function stageDatabase(db: Database, folder: string): Promise<Manifest> {
  const database = await dumpDatabase(db, join(folder, parts.database))
  const manifest: Manifest = { format: 1, madeAt: new Date().toISOString(), database }
  await writeManifest(folder, manifest)
  return manifest
}

function writeManifest(folder: string, manifest: Manifest) {
  const text = `${JSON.stringify(manifest, null, 2)}\n`
  return writeFile(join(folder, parts.manifest), text, { mode: 0o600, flush: true })
}

function readFileRows(tx: Transaction): Promise<FileRow[]> {
  return tx.select({ id: files.id, hasThumbnail: files.hasThumbnail }).from(files)
}

/** Link what is whole and not linked yet. @returns the names that are linked now */
async function linkFiles(from: string, to: string, linked: Set<string>): Promise<Set<string>> {
  const entries = await opendir(from).catch(() => [])
  for await (const { name } of entries) {
    if (name.endsWith('.part') || linked.has(name)) continue
    if (await tryLink(join(from, name), join(to, name))) linked.add(name)
  }
  return linked
}

/** @returns false when the file has just been deleted */
async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}

/** Let go of what the database did not know at its moment, and count the rest. */
async function keepFilesOf(rows: FileRow[], folder: string, linked: Set<string>) {
  const wanted = new Set(
    rows.flatMap(({ id, hasThumbnail }) => (hasThumbnail ? [id, `${id}.thumb`] : [id])),
  )
  let [count, bytes] = [0, 0]
  for (const name of linked) {
    const path = join(folder, name)
    if (wanted.has(name)) {
      count += 1
      bytes += (await stat(path)).size
    } else await rm(path, { force: true })
  }
  const missing = rows.filter(({ id }) => !linked.has(id)).map(({ id }) => id)
  return { count, bytes, missing }
}
