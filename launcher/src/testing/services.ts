import { makeProgress } from '../progress.ts'
import { startValkey } from '../valkey.ts'
import { provideWorker } from '../worker/provide.ts'
import { ownTemporaryFolder } from './temporary.ts'

/**
 * Vitest's global setup: what the tests find in their environment.
 * - `MEDIASOUP_WORKER_BIN`: a worker that runs here;
 * - `TEST_REDIS_URL`: a Valkey in this process, unless one is given;
 * - `TMPDIR`: a folder that goes when they are done.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const worker = await provideWorker({ progress: makeProgress(process.stderr) })
  if (worker.warning) console.warn(worker.warning)
  process.env.MEDIASOUP_WORKER_BIN = worker.path
  const removeFolder = ownTemporaryFolder()
  if (process.env.TEST_REDIS_URL) return async () => removeFolder()
  const valkey = await startValkey()
  process.env.TEST_REDIS_URL = valkey.url
  return async () => {
    await valkey.close()
    removeFolder()
  }
}
