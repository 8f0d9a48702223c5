import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { chmod, link, mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { create, extract } from 'tar'
import { StartError } from '../start-error.ts'

/** Sums of every other file, in the format of `sha256sum`. */
const sumsFile = 'SHA256SUMS'

/**
 * Write `folder` to the archive `target`: whole or not at all, for its owner only.
 *
 * @throws StartError when `target` is there already
 */
export async function pack(folder: string, target: string): Promise<void> {
  const names = await listFiles(folder)
  const sums = await Promise.all(names.map(async (name) => `${await sumOf(folder, name)}  ${name}`))
  await writeFile(join(folder, sumsFile), `${sums.join('\n')}\n`, { mode: 0o600 })
  await mkdir(dirname(target), { recursive: true })
  const partial = `${target}.${process.pid}.part`
  try {
    await create({ file: partial, cwd: folder, portable: true, mode: 0o600 }, await readdir(folder))
    await chmod(partial, 0o600)
    const handle = await open(partial)
    await handle.sync().finally(() => handle.close())
    // Unlike a rename, a link replaces nothing.
    await link(partial, target).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
        throw new StartError(`${target} is there already: give another name, or remove it.`)
      }
      throw error
    })
  } finally {
    await rm(partial, { force: true })
  }
}

/**
 * Unpack such an archive and compare every file in it with its sum.
 *
 * @throws StartError when it is no backup, or a damaged one
 */
export async function unpack(archive: string, folder: string): Promise<void> {
  await extract({ file: archive, cwd: folder, strict: true }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    throw new StartError(
      `${archive} can't be unpacked (${reason}): give a file of \`pnpm backup\`.`,
    )
  })
  const text = await readFile(join(folder, sumsFile), 'utf8').catch(() => undefined)
  if (text === undefined) throw new StartError(`${archive} is no backup of Beseda.`)
  const expected = text.split('\n').filter(Boolean)
  for (const line of expected) {
    const [sum = '', name = ''] = line.split('  ')
    if (sum !== (await sumOf(folder, name).catch(() => ''))) {
      throw new StartError(
        `${archive} is damaged: ${name} is not what was backed up. Take another.`,
      )
    }
  }
  const found = (await listFiles(folder)).filter((name) => name !== sumsFile)
  if (found.length !== expected.length) {
    throw new StartError(`${archive} holds files that were not backed up. Take another.`)
  }
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}

async function sumOf(folder: string, name: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(join(folder, name)), hash)
  return hash.digest('hex')
}
