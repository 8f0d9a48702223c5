import { chmod, cp, mkdir, rename, rm } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Progress } from '../progress.ts'
import { type RunResult, run } from '../run.ts'
import { StartError } from '../start-error.ts'
import { overlayDir } from './cache.ts'
import { applyEdits } from './edits.ts'
import type { MediasoupPackage } from './mediasoup-package.ts'
import { compilerFlags, edits, mesonOptions } from './recipe.ts'
import { ensureRequirements, ensureSrtpFallback } from './requirements.ts'
import { fetchSrtpSource } from './srtp-source.ts'

export type BuildContext = {
  mediasoup: MediasoupPackage
  /** An empty folder to work in; whoever called removes it. */
  workDir: string
  env: NodeJS.ProcessEnv
  progress: Progress
  signal?: AbortSignal | undefined
}

/**
 * Build the worker from the sources in the mediasoup package, against the
 * distribution's libraries. Takes 3.5 minutes on two cores.
 *
 * @returns the path of the stripped worker in `workDir`
 * @throws StartError when something is missing or the compiler fails
 */
export async function buildWorker(context: BuildContext): Promise<string> {
  const { mediasoup, workDir, progress, signal } = context
  const sources = join(workDir, 'worker')
  const subprojects = join(sources, 'subprojects')
  await cp(join(mediasoup.dir, 'worker'), sources, { recursive: true })
  await rm(subprojects, { recursive: true })
  await cp(join(overlayDir, 'subprojects'), subprojects, { recursive: true })
  await applyEdits(sources, edits)

  progress.stage('Fetching the source of libsrtp')
  const srtpDir = join(workDir, 'libsrtp')
  await mkdir(srtpDir)
  if (!(await fetchSrtpSource(srtpDir, join(subprojects, 'libsrtp2'), signal))) {
    await rm(join(subprojects, 'libsrtp2'), { recursive: true, force: true })
    await ensureSrtpFallback(progress, signal)
  }
  signal?.throwIfAborted()

  progress.stage('Building the media worker (a few minutes, only this time)')
  const env = { ...context.env, ...compilerFlags }
  const built = join(sources, 'build', 'mediasoup-worker')
  check(await run('meson', ['setup', 'build', ...mesonOptions], { cwd: sources, env, signal }))
  const ninja = ['-C', 'build', `-j${jobs()}`, 'mediasoup-worker']
  const onLine = (line: string) => {
    const [, done, total] = line.match(/^\[(\d+)\/(\d+)\]/) ?? []
    if (done && total) progress.percent((Number(done) / Number(total)) * 100)
  }
  check(await run('ninja', ninja, { cwd: sources, env, signal, onLine }))
  check(await run('strip', ['--strip-unneeded', built], { signal }))

  const folder = join(workDir, 'out')
  await mkdir(folder)
  const result = join(folder, 'mediasoup-worker')
  await rename(built, result)
  await chmod(result, 0o755)
  return result
}

/** Make sure of compiler and libraries; separate, because the cache key names their versions. */
export function prepareBuild(progress: Progress, signal?: AbortSignal): Promise<void> {
  return ensureRequirements(progress, signal)
}

/** One compiler takes up to half a GiB. */
function jobs(): number {
  return Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / 2 ** 30)))
}

function check(result: RunResult): void {
  if (result.code === 0) return
  throw new StartError(
    `The media worker could not be built; set MEDIASOUP_WORKER_BIN to a mediasoup worker of your own, or report this:\n${result.tail}`,
  )
}
