import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

const prefix = 'staging-'
/** A backup that was interrupted leaves its folder; none takes this long. */
const abandonedMs = 24 * 3_600_000

/**
 * Make a folder in which a backup is laid out or unpacked, beside the files, so that links and
 * renames reach it. Removes what interrupted ones have left.
 *
 * @returns its name in `dataDir`
 */
export async function makeStaging(dataDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  for (const name of await readdir(dataDir)) {
    if (!name.startsWith(prefix)) continue
    const { mtimeMs } = await stat(join(dataDir, name))
    if (Date.now() - mtimeMs > abandonedMs) await removeStaging(dataDir, name)
  }
  const name = `${prefix}${randomUUID()}`
  await mkdir(join(dataDir, name), { mode: 0o700 })
  return name
}

/** Remove such a folder with all that is in it. */
export function removeStaging(dataDir: string, name: string): Promise<void> {
  return rm(join(dataDir, name), { recursive: true, force: true })
}
