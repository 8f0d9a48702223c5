import { existsSync } from 'node:fs'
import { copyFile, cp, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { readSettings } from '@beseda/protocol/settings'
import { loadDatabase } from '@beseda/server/backup/load'
import { type Manifest, parts, readManifest } from '@beseda/server/backup/manifest'
import { makeStaging, removeStaging } from '@beseda/server/backup/staging'
import { embeddedFolder, openEmbedded, openPool } from '@beseda/server/db/database'
import { isUnused, markInstallation } from '@beseda/server/db/installation'
import { type MigrateOptions, newestLevel } from '@beseda/server/db/migrate'
import { lockDataDir } from '../data-lock.ts'
import { rootDir } from '../root.ts'
import { messageOf, StartError } from '../start-error.ts'
import { hostParts } from './backup.ts'
import { unpack } from './pack.ts'
import { isRunning, serverUrl } from './running.ts'

export type RestoreOptions = {
  env: NodeJS.ProcessEnv
  /** An archive of `backup`, or the folder of a snapshot. */
  source: string
}

export type Restored = {
  manifest: Manifest
  /** What the person should know beside. */
  notes: string[]
}

/**
 * Fill an empty database and an empty data folder with a backup, and compare what is there then
 * with what was backed up. Nothing that exists is replaced.
 *
 * @throws SettingsError or StartError with a sentence for whoever is at the terminal
 */
export async function restore({ env, source }: RestoreOptions): Promise<Restored> {
  const values = readSettings(['HOST', 'PORT', 'DATA_DIR', 'DATABASE_URL'], env)
  const dataDir = resolve(rootDir, values.DATA_DIR)
  const url = serverUrl(values)
  if (await isRunning(url)) {
    throw new StartError(`A server answers at ${url}: stop it first, or set PORT to another.`)
  }
  const release = lockDataDir(dataDir)
  const folder = await makeStaging(dataDir)
  const path = join(dataDir, folder)
  try {
    await fetchParts(source, path)
    const manifest = await readManifest(path).catch(() => {
      throw new StartError(`${source} is no backup that this version of Beseda can read.`)
    })
    await requireEmptyFiles(dataDir, manifest)
    await restoreDatabase(values.DATABASE_URL, dataDir, manifest, join(path, parts.database))
    if (manifest.files) {
      await rm(join(dataDir, parts.files), { recursive: true, force: true })
      await rename(join(path, parts.files), join(dataDir, parts.files))
    }
    await markInstallation(dataDir, values.DATABASE_URL === undefined ? 'embedded' : 'server')
    return { manifest, notes: await restoreSecrets(path, dataDir) }
  } finally {
    await removeStaging(dataDir, folder)
    release()
  }
}

async function fetchParts(source: string, path: string): Promise<void> {
  const found = await stat(source).catch(() => undefined)
  if (!found) throw new StartError(`There is no ${source}: name the file of \`pnpm backup\`.`)
  if (found.isDirectory()) await cp(source, path, { recursive: true })
  else await unpack(source, path)
}

async function requireEmptyFiles(dataDir: string, manifest: Manifest): Promise<void> {
  const folder = join(dataDir, parts.files)
  const names = manifest.files ? await readdir(folder).catch(() => []) : []
  if (names.length === 0) return
  throw new StartError(
    `${folder} holds files already: move it away, or set DATA_DIR to an empty folder.`,
  )
}

/** A database may be new, or stand where the backup stood and have nobody in it. */
async function restoreDatabase(
  url: string | undefined,
  dataDir: string,
  { database: dump }: Manifest,
  folder: string,
): Promise<void> {
  const newest = await newestLevel()
  if (dump.level > newest) {
    throw new StartError('The backup is of a newer version of Beseda: update this one first.')
  }
  const open = (options?: MigrateOptions) =>
    url === undefined
      ? openEmbedded(embeddedFolder(dataDir), options)
      : openPool(url, () => {}, options)
  const where = url === undefined ? embeddedFolder(dataDir) : 'The database of DATABASE_URL'
  const before: MigrateOptions['before'] = async (db, { level }) => {
    if (level === null || (level === dump.level && (await isUnused(db)))) return
    throw new StartError(`${where} is not empty: restore into a new one.`)
  }
  try {
    const database = await open({ upTo: dump.level, before })
    await loadDatabase(database.db, folder, dump).finally(database.close)
    // Migrations that came after the backup find its content, as they would have there.
    if (dump.level < newest) await (await open()).close()
  } catch (error) {
    if (error instanceof StartError) throw error
    throw new StartError(`The database could not be restored: ${messageOf(error)}.`)
  }
}

/** Secrets that are there stay; the settings of the other host are for reading. */
async function restoreSecrets(path: string, dataDir: string): Promise<string[]> {
  const notes: string[] = []
  const [from, to] = [join(path, hostParts.secrets), join(dataDir, hostParts.secrets)]
  if (existsSync(from) && !existsSync(to)) await copyFile(from, to)
  else if (existsSync(from) && !(await haveSameContent(from, to))) {
    notes.push(`${to} was there already and stays: everybody signs in again.`)
  }
  const env = join(path, hostParts.env)
  if (existsSync(env)) {
    const kept = join(dataDir, 'env-of-backup')
    await mkdir(dataDir, { recursive: true })
    await copyFile(env, kept)
    notes.push(`The settings that were backed up are in ${kept}: copy to .env what holds here too.`)
  }
  return notes
}

async function haveSameContent(...paths: string[]): Promise<boolean> {
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')))
  // However they are laid out.
  const [first, ...others] = texts.map((text) => JSON.stringify(JSON.parse(text)))
  return others.every((other) => other === first)
}
