import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { withLock } from '../lock.ts'
import { type Progress, silentProgress } from '../progress.ts'
import { StartError } from '../start-error.ts'
import { type BuildContext, buildWorker, prepareBuild } from './build.ts'
import { cacheKey, cacheKeyHere, cacheRoot } from './cache.ts'
import { loadsNss, workerRuns } from './check.ts'
import { findMediasoup, packageWorker } from './mediasoup-package.ts'
import { fetchPrebuilt } from './prebuilt.ts'

/** Where the worker in use came from. */
export type WorkerSource = 'environment' | 'package' | 'cache' | 'prebuilt' | 'built'

export type ProvidedWorker = {
  /** Goes to the SFU's process as MEDIASOUP_WORKER_BIN. */
  path: string
  source: WorkerSource
  /** One sentence, when the worker works but costs more than it should. */
  warning?: string
}

export type ProvideOptions = {
  env?: NodeJS.ProcessEnv
  progress?: Progress
  signal?: AbortSignal
  /** The steps that take minutes, replaced in tests. */
  steps?: {
    prebuilt: typeof fetchPrebuilt
    prepare: typeof prepareBuild
    build: (context: BuildContext) => Promise<string>
  }
}

/** Unfinished builds are folders with this prefix, in the cache. */
const BUILDING = '.building-'

/**
 * Find a mediasoup worker that runs on this machine, or make one: the one that
 * MEDIASOUP_WORKER_BIN names, the package's own, one built earlier, the package's
 * prebuilt download, and at last a build from source. Safe when several processes
 * do it at the same time: one works, the others wait for it.
 *
 * @throws StartError with one sentence that says what to do
 */
export async function provideWorker(options: ProvideOptions = {}): Promise<ProvidedWorker> {
  const env = options.env ?? process.env
  const progress = options.progress ?? silentProgress
  const steps = options.steps ?? {
    prebuilt: fetchPrebuilt,
    prepare: prepareBuild,
    build: buildWorker,
  }
  const mediasoup = findMediasoup()
  const root = cacheRoot(env)

  if (env.MEDIASOUP_WORKER_BIN) {
    const path = env.MEDIASOUP_WORKER_BIN
    if (await workerRuns(path)) return described(path, 'environment')
    throw new StartError(
      `MEDIASOUP_WORKER_BIN names ${path}, which is not a mediasoup worker that runs here: correct it, or leave it unset to have one provided.`,
    )
  }

  const cached = () => cachedWorker(root, mediasoup)
  const found = () => findWorker(env)

  const early = await found()
  if (early) return early
  await makeCache(root)
  const onWait = () => progress.stage('Another start is providing the media worker, waiting for it')
  return withLock(join(root, '.lock'), onWait, async () => {
    // Whoever held the lock before may have done the work.
    const late = await found()
    if (late) return late
    await removeUnfinished(root)
    progress.stage('Fetching the media worker')
    const prebuilt = await steps.prebuilt(mediasoup, env, options.signal)
    if (prebuilt) return described(prebuilt, 'prebuilt')
    options.signal?.throwIfAborted()
    await steps.prepare(progress, options.signal)
    // The packages may have come only now, and with them a worker built with them before.
    const again = await found()
    if (again) return again
    const workDir = await mkdtemp(join(root, BUILDING))
    try {
      const built = await steps.build({ mediasoup, workDir, env, progress, signal: options.signal })
      if (!(await workerRuns(built))) {
        throw new StartError(
          'The media worker was built but does not run here; set MEDIASOUP_WORKER_BIN to a mediasoup worker of your own.',
        )
      }
      await rm(dirname(cached()), { recursive: true, force: true })
      await rename(dirname(built), dirname(cached()))
      return await described(cached(), 'built')
    } finally {
      await rm(workDir, { recursive: true, force: true })
    }
  }).finally(() => progress.done())
}

/** A worker that runs on this machine; none is made. */
export async function findWorker(env: NodeJS.ProcessEnv): Promise<ProvidedWorker | undefined> {
  const mediasoup = findMediasoup()
  const places: [string, WorkerSource][] = env.MEDIASOUP_WORKER_BIN
    ? [[env.MEDIASOUP_WORKER_BIN, 'environment']]
    : [
        [packageWorker(mediasoup), 'package'],
        [cachedWorker(cacheRoot(env), mediasoup), 'cache'],
      ]
  for (const [path, source] of places) if (await workerRuns(path)) return described(path, source)
  return undefined
}

/** Where a worker lies that was built for this machine. */
function cachedWorker(root: string, { version }: { version: string }): string {
  return join(root, cacheKey(cacheKeyHere(version)), 'mediasoup-worker')
}

async function makeCache(root: string): Promise<void> {
  await mkdir(root, { recursive: true }).catch((error: Error) => {
    throw new StartError(
      `The media worker can't be kept in ${root} (${error.message}): make that folder writable or set XDG_CACHE_HOME to one that is.`,
    )
  })
}

/** Only called under the lock, so nobody is working in them. */
async function removeUnfinished(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    if (name.startsWith(BUILDING)) await rm(join(root, name), { recursive: true, force: true })
  }
}

async function described(path: string, source: WorkerSource): Promise<ProvidedWorker> {
  if (!(await loadsNss(path))) return { path, source }
  return {
    path,
    source,
    warning:
      "The media worker uses the distribution's libsrtp on NSS, so calls cost about 1.8 times the CPU: let it be built where apt-get can fetch source packages.",
  }
}
