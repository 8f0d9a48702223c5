import { producerOptions } from '@beseda/client/calls/encodings'
import type { Source } from '@beseda/protocol/media'
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

/** Send tracks into a bare router. */
export async function sendBare(
  bare: Bare,
  device: client.Device,
  tracks: Partial<Record<Source, { track: MediaStreamTrack }>>,
) {
  const here = await bare.open()
  const send = device.createSendTransport(transportOptions(here))
  send.on('connect', ({ dtlsParameters }, resolve, reject) =>
    here.connect({ dtlsParameters }).then(resolve, reject),
  )
  const producers: types.Producer[] = []
  send.on('produce', ({ kind, rtpParameters }, resolve, reject) =>
    here
      .produce({ kind, rtpParameters: rtpParameters as types.RtpParameters })
      .then((producer) => {
        producers.push(producer)
        resolve({ id: producer.id })
      })
      .catch(reject),
  )
  for (const [source, { track }] of Object.entries(tracks)) {
    await send.produce({ ...producerOptions(source as Source, device), track })
  }
  return { send, producers }
}

type ReceiveOptions = {
  /** Sound too, as Beseda does. */
  repeatsAll?: boolean
  onTrack?: (track: MediaStreamTrack) => void
}

/** Receive producers of a bare router over a transport of one's own. */
export async function receiveBare(
  bare: Bare,
  device: client.Device,
  producers: types.Producer[],
  { repeatsAll = false, onTrack = () => {} }: ReceiveOptions = {},
) {
  const there = await bare.open()
  const recv = device.createRecvTransport(transportOptions(there))
  recv.on('connect', ({ dtlsParameters }, resolve, reject) =>
    there.connect({ dtlsParameters }).then(resolve, reject),
  )
  for (const producer of producers) {
    const { id, kind, rtpParameters } = await there.consume({
      producerId: producer.id,
      rtpCapabilities: device.recvRtpCapabilities as types.RtpCapabilities,
      ...(repeatsAll && { enableRtx: true }),
    })
    const consumer = await recv.consume({
      id,
      producerId: producer.id,
      kind,
      rtpParameters: rtpParameters as client.RtpParameters,
    })
    onTrack(consumer.track)
  }
  return recv
}
