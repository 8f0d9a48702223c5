import type { Joined } from '@beseda/protocol/signalling'
import { Device, type types } from 'mediasoup-client'
import { RtpHeader, RtpPacket, MediaStreamTrack as Track } from 'werift'
import { createEmptyRegister, installPolyfill } from 'werift/polyfill'
import type { JoinedClient } from './client.ts'

/** A client's media: real ICE, DTLS and SRTP, as a browser would do them. */
export type TestMedia = { device: types.Device; send: types.Transport; recv: types.Transport }

/** Set up both transports of a client that has joined. */
export async function openMedia(client: JoinedClient): Promise<TestMedia> {
  installPolyfill({ mediaRegister: [createEmptyRegister()] })
  const device = new Device({ handlerName: 'Chrome111' })
  const { routerRtpCapabilities, sendTransport, recvTransport } = client.joined
  await device.load({
    routerRtpCapabilities: forClient<types.RtpCapabilities>(routerRtpCapabilities),
  })
  const send = device.createSendTransport(forClient<types.TransportOptions>(sendTransport))
  const recv = device.createRecvTransport(forClient<types.TransportOptions>(recvTransport))
  for (const transport of [send, recv]) connectWhenAsked(client, transport)
  send.on('produce', ({ kind, rtpParameters, appData }, done, failed) => {
    client
      .request('produce', {
        transportId: send.id,
        kind,
        rtpParameters,
        source: String(appData.source),
      })
      .then(({ producerId }) => done({ id: producerId }), failed)
  })
  return { device, send, recv }
}

function connectWhenAsked(client: JoinedClient, transport: types.Transport): void {
  transport.on('connect', ({ dtlsParameters }, done, failed) => {
    client
      .request('connectTransport', { transportId: transport.id, dtlsParameters })
      .then(() => done(), failed)
  })
}

/** Send packets of one size all the time. Answers how to stop. */
export async function sendTrack(
  { send }: TestMedia,
  kind: 'audio' | 'video',
  payload: Buffer,
): Promise<() => void> {
  const track = new Track({ kind })
  const source = kind === 'audio' ? 'microphone' : 'camera'
  await send.produce({ track: forClient<MediaStreamTrack>(track), appData: { source } })
  let sequenceNumber = 0
  const timer = setInterval(() => {
    sequenceNumber = (sequenceNumber + 1) & 0xffff
    const timestamp = (sequenceNumber * (kind === 'audio' ? 960 : 1_800)) >>> 0
    const header = new RtpHeader({ sequenceNumber, timestamp, marker: true })
    track.writeRtp(new RtpPacket(header, payload))
  }, 20)
  return () => clearInterval(timer)
}

/** Open a consumer on the client's side. Answers the packets that have come, and go on coming. */
export async function receiveTrack(
  { recv }: TestMedia,
  offer: Joined['consumers'][number],
): Promise<Buffer[]> {
  const { id, producerId, kind, rtpParameters } = offer
  const consumer = await recv.consume({
    id,
    producerId,
    kind,
    rtpParameters: forClient<types.RtpParameters>(rtpParameters),
  })
  const packets: Buffer[] = []
  forClient<Track>(consumer.track).onReceiveRtp.subscribe((packet) => {
    packets.push(packet.payload)
  })
  return packets
}

/** The same thing under another library's type: werift's for the DOM's, mediasoup-client's for ours. */
function forClient<Type>(value: unknown): Type {
  return value as Type
}
