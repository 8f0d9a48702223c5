import { provideWorker } from '@beseda/launcher/worker/provide'
import { createWorker, type types as sfu } from 'mediasoup'
import type { types } from 'mediasoup-client'

/** A bare router in front of one device, for tests of engines. */
export async function startRouter(device: types.Device) {
  const { path } = await provideWorker({ env: process.env })
  const worker = await createWorker({ workerBin: path })
  const router = await worker.createRouter({
    mediaCodecs: [
      { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2 },
      { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000 },
    ],
  })
  await device.load({ routerRtpCapabilities: router.rtpCapabilities as types.RtpCapabilities })
  const open = () =>
    router.createWebRtcTransport({
      listenInfos: [{ protocol: 'udp', ip: '127.0.0.1' }],
      initialAvailableOutgoingBitrate: 5_000_000,
    })
  const [sendThere, recvThere] = [await open(), await open()]
  const send = device.createSendTransport(optionsOf(sendThere))
  const recv = device.createRecvTransport(optionsOf(recvThere))
  for (const [here, there] of [
    [send, sendThere],
    [recv, recvThere],
  ] as const) {
    here.on('connect', ({ dtlsParameters }, resolve, reject) =>
      there.connect({ dtlsParameters }).then(resolve, reject),
    )
  }
  send.on('produce', ({ kind, rtpParameters }, done, fail) => {
    sendThere
      .produce({ kind, rtpParameters: rtpParameters as sfu.RtpParameters })
      .then(({ id }) => done({ id }), fail)
  })
  return {
    /** @returns the producer's id */
    async publish(track: MediaStreamTrack, encodings?: types.RtpEncodingParameters[]) {
      return (await send.produce({ track, ...(encodings && { encodings }) })).id
    },
    async receive(producerId: string): Promise<MediaStreamTrack> {
      const rtpCapabilities = device.recvRtpCapabilities as sfu.RtpCapabilities
      const { id, kind, rtpParameters } = await recvThere.consume({ producerId, rtpCapabilities })
      const parameters = rtpParameters as types.RtpParameters
      return (await recv.consume({ id, producerId, kind, rtpParameters: parameters })).track
    },
    close() {
      send.close()
      recv.close()
      worker.close()
    },
  }
}

const optionsOf = (there: sfu.WebRtcTransport) =>
  ({
    id: there.id,
    iceParameters: there.iceParameters,
    iceCandidates: there.iceCandidates,
    dtlsParameters: there.dtlsParameters,
    iceServers: [],
  }) as types.TransportOptions
