import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../run.ts'
import { workerRuns } from './check.ts'
import { type MediasoupPackage, packageWorker } from './mediasoup-package.ts'

/** The package's download has no time-out of its own and may stall for ever. */
const TIMEOUT_MS = 60_000

/**
 * Let the mediasoup package fetch its prebuilt worker.
 *
 * @returns the worker's path, or nothing when it can't be had or doesn't run
 */
export async function fetchPrebuilt(
  mediasoup: MediasoupPackage,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const { MEDIASOUP_WORKER_BIN: _, ...rest } = env
  await run(process.execPath, [join(mediasoup.dir, 'npm-scripts.mjs'), 'postinstall'], {
    cwd: mediasoup.dir,
    env: {
      ...rest,
      MEDIASOUP_FORCE_WORKER_PREBUILT_DOWNLOAD: '1',
      // Without Python the package never falls into its own build, which needs
      // pip and downloads.
      PYTHON: '/bin/false',
    },
    timeoutMs: TIMEOUT_MS,
    signal,
  })
  const path = packageWorker(mediasoup)
  // A download cut short leaves a truncated worker and exit code 0.
  if (await workerRuns(path)) return path
  await rm(path, { force: true }).catch(() => {})
  return undefined
}
