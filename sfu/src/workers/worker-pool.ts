import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import { type MediaWorker, startMediaWorker } from './media-worker.ts'

export type WorkerPoolOptions = {
  count: number
  bin: string | undefined
  host: string
  /** Media port of the first worker; the next ones follow it. */
  firstPort: number
  log: FastifyBaseLogger
}

/** The node's workers; one that dies is replaced on its port. */
export type WorkerPool = {
  readonly workers: readonly MediaWorker[]
  /** The worker for which `loadOf` is smallest, undefined when none is alive. */
  leastLoaded(loadOf: (worker: MediaWorker) => number): MediaWorker | undefined
  close(): Promise<void>
}

/**
 * Start the workers together.
 *
 * @throws StartError when one of them can't start; the others are closed then
 */
export async function startWorkerPool(options: WorkerPoolOptions): Promise<WorkerPool> {
  const { log } = options
  const workers: MediaWorker[] = []
  const stopping = new AbortController()
  const ports = Array.from({ length: options.count }, (_, index) => options.firstPort + index)

  async function startOn(port: number): Promise<void> {
    const worker = await startMediaWorker({ bin: options.bin, host: options.host, port })
    if (stopping.signal.aborted) return await worker.close()
    workers.push(worker)
    worker.worker.on('died', (error) => {
      log.error({ pid: worker.pid, port, err: error }, 'media worker died')
      workers.splice(workers.indexOf(worker), 1)
      void replace(port)
    })
  }

  /** The dead worker's port may take a moment to be free. */
  async function replace(port: number): Promise<void> {
    for (let pause = 50; !stopping.signal.aborted; pause = Math.min(pause * 2, 5_000)) {
      try {
        await startOn(port)
        log.info({ port }, 'media worker started again')
        return
      } catch (error) {
        log.error({ port, err: error }, 'media worker does not start again')
        await sleep(pause, undefined, { signal: stopping.signal }).catch(() => undefined)
      }
    }
  }

  async function close(): Promise<void> {
    stopping.abort()
    await Promise.all(workers.splice(0).map((worker) => worker.close()))
  }

  const started = await Promise.allSettled(ports.map(startOn))
  const failed = started.find((result) => result.status === 'rejected')
  if (failed) {
    await close()
    throw failed.reason
  }

  return {
    workers,
    leastLoaded(loadOf) {
      const [first, ...rest] = workers
      if (first === undefined) return undefined
      return rest.reduce((best, worker) => (loadOf(worker) < loadOf(best) ? worker : best), first)
    },
    close,
  }
}
