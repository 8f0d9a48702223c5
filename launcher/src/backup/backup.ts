import { existsSync } from 'node:fs'
import { copyFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { stagedBackupSchema } from '@beseda/protocol/administration'
import { readSettings } from '@beseda/protocol/settings'
import { type Manifest, readManifest } from '@beseda/server/backup/manifest'
import { stageBackup } from '@beseda/server/backup/stage'
import { makeStaging, removeStaging } from '@beseda/server/backup/staging'
import { openUnchanged } from '@beseda/server/db/database'
import { makeAdminApi } from '../admin/api.ts'
import { lockDataDir } from '../data-lock.ts'
import { rootDir } from '../root.ts'
import { provideSecrets } from '../secrets.ts'
import { messageOf, StartError } from '../start-error.ts'
import { pack } from './pack.ts'
import { isRunning, serverUrl } from './running.ts'

/** Files of a backup beside those of the server. */
export const hostParts = { secrets: 'secrets.json', env: 'env' } as const

export type BackupOptions = {
  env: NodeJS.ProcessEnv
  /** The archive to write. */
  target: string
  /** The settings file that is taken along when it is there. */
  envFile: string
}

/**
 * Write database, files and secrets to one archive, whether Beseda runs or not.
 *
 * @throws SettingsError or StartError with a sentence for whoever is at the terminal
 */
export async function backup({ env, target, envFile }: BackupOptions): Promise<Manifest> {
  const values = readSettings(['HOST', 'PORT', 'DATA_DIR', 'DATABASE_URL'], env)
  const dataDir = resolve(rootDir, values.DATA_DIR)
  if (!existsSync(dataDir)) {
    throw new StartError(`There is no folder ${dataDir}: set DATA_DIR to that of the server.`)
  }
  if (existsSync(target)) {
    throw new StartError(`${target} is there already: give another name, or remove it.`)
  }
  const folder = await stage(values, dataDir)
  const path = join(dataDir, folder)
  try {
    const secrets = provideSecrets(dataDir, env)
    await writeFile(join(path, hostParts.secrets), JSON.stringify(secrets), { mode: 0o600 })
    if (existsSync(envFile)) await copyFile(envFile, join(path, hostParts.env))
    await pack(path, target)
    return await readManifest(path)
  } finally {
    await removeStaging(dataDir, folder)
  }
}

/** An embedded database has room for one process: the server when it runs, else this one. */
async function stage(
  values: { HOST: string; PORT: number; DATABASE_URL: string | undefined },
  dataDir: string,
): Promise<string> {
  const url = serverUrl(values)
  if (values.DATABASE_URL === undefined && (await isRunning(url))) {
    const { folder } = await makeAdminApi({ url, dataDir })('POST', '/backup', stagedBackupSchema)
    return folder
  }
  const release = values.DATABASE_URL === undefined ? lockDataDir(dataDir) : () => {}
  const folder = await makeStaging(dataDir)
  const database = openUnchanged(values.DATABASE_URL, dataDir)
  try {
    await stageBackup({ db: database.db, dataDir }, join(dataDir, folder))
    return folder
  } catch (error) {
    await removeStaging(dataDir, folder)
    throw new StartError(`The backup could not be made: ${messageOf(error)}.`)
  } finally {
    await database.close()
    release()
  }
}
