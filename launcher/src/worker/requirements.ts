import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { aptInstall, aptLine, hasApt } from '../apt.ts'
import type { Progress } from '../progress.ts'
import { run } from '../run.ts'
import { StartError } from '../start-error.ts'
import { requirements, srtpFallback } from './recipe.ts'

type Requirement = { debian: string; command?: string; library?: string }

/** The Debian packages among `wanted` that are not there. */
export async function missingPackages(wanted: readonly Requirement[]): Promise<string[]> {
  const missing: string[] = []
  for (const { debian, command, library } of wanted) {
    const there = command ? onPath(command) : await libraryIsThere(library ?? debian)
    if (!there) missing.push(debian)
  }
  return missing
}

/**
 * Make sure of the compiler and the libraries.
 *
 * @throws StartError with the line to run, when they are missing and can't be installed
 */
export async function ensureRequirements(progress: Progress, signal?: AbortSignal): Promise<void> {
  await ensure(requirements, progress, signal)
}

/** Make sure of the distribution's libsrtp 2, the fallback for building it in. */
export async function ensureSrtpFallback(progress: Progress, signal?: AbortSignal): Promise<void> {
  await ensure([srtpFallback], progress, signal)
}

async function ensure(
  wanted: readonly Requirement[],
  progress: Progress,
  signal?: AbortSignal,
): Promise<void> {
  const missing = await missingPackages(wanted)
  if (missing.length === 0) return
  if (await aptInstall(missing, progress, signal)) return
  progress.done()
  throw new StartError(
    (await hasApt())
      ? `The media worker has to be built on this machine and packages for that are missing: run \`${aptLine(missing)}\` and start again.`
      : `The media worker has to be built on this machine and what Debian calls ${missing.join(', ')} is missing: install these with your package manager, or set MEDIASOUP_WORKER_BIN to a mediasoup worker of your own, and start again.`,
  )
}

function onPath(command: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

async function libraryIsThere(library: string): Promise<boolean> {
  return (await run('pkg-config', ['--exists', library], { timeoutMs: 5000 })).code === 0
}
