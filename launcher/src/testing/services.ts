import { makeProgress } from '../progress.ts'
import { startValkey } from '../valkey.ts'
import { provideWorker } from '../worker/provide.ts'

/**
 * Vitest's global setup: what the tests find in their environment.
 * - `MEDIASOUP_WORKER_BIN`: a worker that runs here;
 * - `TEST_REDIS_URL`: a Valkey in this process, unless one is given.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const worker = await provideWorker({ progress: makeProgress(process.stderr) })
  if (worker.warning) console.warn(worker.warning)
  process.env.MEDIASOUP_WORKER_BIN = worker.path
  if (process.env.TEST_REDIS_URL) return async () => {}
  const valkey = await startValkey()
  process.env.TEST_REDIS_URL = valkey.url
  return () => valkey.close()
}
