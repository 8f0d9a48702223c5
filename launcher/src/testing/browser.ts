import { provideChromium } from '../chromium.ts'
import { makeProgress } from '../progress.ts'
import { provideWeb } from '../web.ts'
import { provideWorker } from '../worker/provide.ts'
import { ownTemporaryFolder } from './temporary.ts'

/**
 * Vitest's global setup of the journeys in a browser: what they find in their
 * environment.
 * - `MEDIASOUP_WORKER_BIN`: a worker that runs here;
 * - `CHROMIUM_BIN`: a Chromium;
 * - `TMPDIR`: a folder that goes when they are done.
 * The page is built, so that no journey waits for it.
 */
export default async function setup(): Promise<() => void> {
  const progress = makeProgress(process.stderr)
  process.env.MEDIASOUP_WORKER_BIN = (await provideWorker({ progress })).path
  process.env.CHROMIUM_BIN = await provideChromium(process.env, progress)
  await provideWeb({ progress })
  return ownTemporaryFolder()
}
