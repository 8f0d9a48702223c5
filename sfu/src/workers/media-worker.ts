import { once } from 'node:events'
import { createWorker, type types } from 'mediasoup'
import { mediaCodecs } from '../codecs.ts'
import { reasonOf, StartError } from '../start-error.ts'

/** A router with the observer that says who speaks. */
export type Stage = { router: types.Router; levels: types.AudioLevelObserver }

export type MediaWorkerOptions = {
  bin: string | undefined
  /** Address that media is received on; `0.0.0.0` and `::` mean all. */
  host: string
  /** UDP and TCP port of this worker's media. */
  port: number
}

/** One mediasoup process: a port for media, and the routers of its rooms. */
export type MediaWorker = {
  readonly pid: number
  readonly server: types.WebRtcServer
  readonly worker: types.Worker
  /** A router for a room. One is kept ready, so that the first join need not wait for it. */
  takeStage(): Promise<Stage>
  /** Resolves when the process is gone. */
  close(): Promise<void>
}

/**
 * Start a worker and open its media port.
 *
 * @throws StartError when the process does not run or its port can't be had
 */
export async function startMediaWorker(options: MediaWorkerOptions): Promise<MediaWorker> {
  const worker = await spawn(options)
  try {
    const server = await openPort(worker, options)
    return withSpareStage(worker, server)
  } catch (error) {
    worker.close()
    throw error
  }
}

async function spawn({ bin }: MediaWorkerOptions): Promise<types.Worker> {
  try {
    const worker = await createWorker({
      logLevel: 'error',
      ...(bin === undefined ? {} : { workerBin: bin }),
    })
    return keepThroughSignals(worker)
  } catch (error) {
    throw new StartError(
      `The mediasoup worker does not start (${reasonOf(error)}): set MEDIASOUP_WORKER_BIN to one that runs here.`,
    )
  }
}

/**
 * mediasoup ends a worker, and every call on it, at the first signal that asks the process to
 * stop. Here calls may go on after it (`SFU_DRAIN_SECONDS`), and `close` ends the worker.
 */
function keepThroughSignals(worker: types.Worker & { onSignal?: () => void }): types.Worker {
  const { onSignal } = worker
  if (onSignal) {
    for (const signal of ['SIGTERM', 'SIGINT']) process.removeListener(signal, onSignal)
  }
  return worker
}

async function openPort(worker: types.Worker, { host, port }: MediaWorkerOptions) {
  try {
    return await worker.createWebRtcServer({
      listenInfos: [
        { protocol: 'udp', ip: host, port },
        { protocol: 'tcp', ip: host, port },
      ],
    })
  } catch (error) {
    throw new StartError(
      `Media port ${port} on ${host} can't be opened (${reasonOf(error)}): free it or set SFU_RTC_PORT.`,
    )
  }
}

function withSpareStage(worker: types.Worker, server: types.WebRtcServer): MediaWorker {
  let spare = buildStage(worker)
  return {
    worker,
    server,
    get pid() {
      return worker.pid
    },
    takeStage() {
      const stage = spare
      spare = buildStage(worker)
      return stage
    },
    async close() {
      if (worker.subprocessClosed) return
      const gone = once(worker, 'subprocessclose')
      worker.close()
      await gone
    },
  }
}

function buildStage(worker: types.Worker): Promise<Stage> {
  const stage = createStage(worker)
  // Whoever takes it sees the failure; until then nobody listens.
  stage.catch(() => undefined)
  return stage
}

async function createStage(worker: types.Worker): Promise<Stage> {
  const router = await worker.createRouter({ mediaCodecs })
  const levels = await router.createAudioLevelObserver({
    interval: 200,
    threshold: -60,
    maxEntries: 8,
  })
  return { router, levels }
}
