import type { TransportOptions } from '@beseda/protocol/media'
import type { types } from 'mediasoup'
import { announceAt } from '../workers/addresses.ts'

/** Bits per second that a receiver is thought to take until bandwidth is measured. */
const initialOutgoingBitrate = 1_000_000
/** Bits per second that a peer may send: camera, screen and sound together. */
const maxIncomingBitrate = 6_000_000

/** One way each, so that neither renegotiates when the other changes. */
export type Transports = { send: types.WebRtcTransport; recv: types.WebRtcTransport }

/** Open both transports of a peer at once; `send` is what the client sends on. */
export async function openTransports(
  router: types.Router,
  webRtcServer: types.WebRtcServer,
): Promise<Transports> {
  const options: types.WebRtcTransportOptions = {
    webRtcServer,
    preferUdp: true,
    initialAvailableOutgoingBitrate: initialOutgoingBitrate,
  }
  const [send, recv] = await Promise.all([
    router.createWebRtcTransport(options),
    router.createWebRtcTransport(options),
  ])
  // Nothing is sent before this arrives; it fails only when the transport is closed.
  send.setMaxIncomingBitrate(maxIncomingBitrate).catch(() => undefined)
  return { send, recv }
}

/** What a client needs to connect to a transport. */
export function describeTransport(
  transport: types.WebRtcTransport,
  addresses: string[],
): TransportOptions {
  return {
    id: transport.id,
    iceParameters: transport.iceParameters,
    iceCandidates: announceAt(transport.iceCandidates, addresses),
    dtlsParameters: transport.dtlsParameters,
  }
}
