import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf, StartError } from './start-error.ts'

/**
 * Take a data folder for this process: two launchers on one embedded database
 * would ruin it. The lock of a process that is gone is taken over.
 *
 * @returns gives the folder back; idempotent
 * @throws StartError when another launcher runs on it, or it can't be written
 */
export function lockDataDir(dataDir: string): () => void {
  const path = join(dataDir, 'launcher.pid')
  const mine = identity(process.pid) ?? `${process.pid}`
  const temporary = `${path}.${process.pid}`
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    writeFileSync(temporary, `${mine}\n`)
  } catch (error) {
    throw new StartError(
      `The data folder ${dataDir} can't be written (${messageOf(error)}): make it writable or set DATA_DIR to another.`,
    )
  }
  try {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      if (tryLink(temporary, path)) {
        let held = true
        return () => {
          if (held) rmSync(path, { force: true })
          held = false
        }
      }
      const holder = read(path)
      const pid = Number.parseInt(holder ?? '', 10)
      if (holder !== undefined && identity(pid) === holder) {
        throw new StartError(
          `Beseda is already running on ${dataDir} (process ${pid}): stop it first, or set DATA_DIR to another folder.`,
        )
      }
      rmSync(path, { force: true })
    }
  } finally {
    rmSync(temporary, { force: true })
  }
  throw new StartError(`The lock ${path} can't be taken: delete it and start again.`)
}

/** A link is made whole or fails when the name is there. */
function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch {
    return false
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return undefined
  }
}

/**
 * A process by its number and start time, so that a stale lock whose number
 * somebody else has now (always so in a container) is seen to be stale. Nothing
 * when there is no such process.
 */
function identity(pid: number): string | undefined {
  if (!Number.isInteger(pid) || pid <= 0) return undefined
  try {
    process.kill(pid, 0)
  } catch (error) {
    const exists = error instanceof Error && 'code' in error && error.code === 'EPERM'
    if (!exists) return undefined
  }
  const stat = read(`/proc/${pid}/stat`)
  // The name, in parentheses, may hold spaces; the 20th field after it is the start time.
  const startedAt = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  return startedAt === undefined ? `${pid}` : `${pid} ${startedAt}`
}
