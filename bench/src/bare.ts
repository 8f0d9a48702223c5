import { mediaCodecs } from '@beseda/sfu/codecs'
import { createWorker, type types } from 'mediasoup'
import type { types as client } from 'mediasoup-client'

/** mediasoup alone: one worker, one port, one router, nobody to ask. The floor that Beseda is held against. */
export type Bare = {
  pid: number
  router: types.Router
  open(): Promise<types.WebRtcTransport>
  close(): void
}

/** Start a bare router on a media port of loopback, with the codecs of Beseda. */
export async function startBare(workerBin: string, port: number): Promise<Bare> {
  const worker = await createWorker({ workerBin, logLevel: 'error' })
  const webRtcServer = await worker.createWebRtcServer({
    listenInfos: [
      { protocol: 'udp', ip: '127.0.0.1', port },
      { protocol: 'tcp', ip: '127.0.0.1', port },
    ],
  })
  const router = await worker.createRouter({ mediaCodecs })
  return {
    pid: worker.pid,
    router,
    open: () =>
      router.createWebRtcTransport({ webRtcServer, initialAvailableOutgoingBitrate: 1_000_000 }),
    close: () => worker.close(),
  }
}

/** What the client's side of a transport needs. */
export function transportOptions(transport: types.WebRtcTransport) {
  const { id, iceParameters, iceCandidates, dtlsParameters } = transport
  return { id, iceParameters, iceCandidates, dtlsParameters } as client.TransportOptions
}
