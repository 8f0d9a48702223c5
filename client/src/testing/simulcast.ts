import type { types } from 'mediasoup-client'
import {
  type RTCRtpSender,
  RTP_EXTENSION_URI,
  RtcpSenderInfo,
  RtcpSrPacket,
  RtpHeader,
  serializeSdesMid,
  serializeSdesRTPStreamID,
} from 'werift'
import { vp8KeyFrame } from './tracks.ts'

/** What one layer sends at each tick. */
type Layer = { packets: number; bytes: number }

/**
 * A 720p camera at a tenth of its frames: the three layers have a tenth of the packets of 150, 500
 * and 1,500 kbit/s, at their full size.
 */
const layers: Layer[] = [
  { packets: 1, bytes: 625 },
  { packets: 2, bytes: 1_040 },
  { packets: 5, bytes: 1_250 },
]
const tickMs = 1_000 / 3
/** The share of a real camera's bitrate that this one sends. */
export const cameraShare = 0.1

type Stream = { ssrc: number; rid: string; sequenceNumber: number; packets: number; octets: number }

/**
 * Send a made-up camera on a producer that was opened with the client's three encodings: those
 * layers that the client has not switched off. werift itself sends no simulcast, so its packets
 * are written here. Answers what was sent, and how to stop it.
 */
export function sendCamera(producer: types.Producer): { bytes(): number; stop(): void } {
  const sender = producer.rtpSender as unknown as RTCRtpSender
  const { mid = '', codecs, headerExtensions = [] } = producer.rtpParameters
  const payloadType = codecs[0]?.payloadType ?? 0
  const idOf = (uri: string) => {
    const found = headerExtensions.find((extension) => extension.uri === uri)
    if (!found) throw new Error(`${uri} was not negotiated`)
    return found.id
  }
  const [midId, ridId] = [idOf(RTP_EXTENSION_URI.sdesMid), idOf(RTP_EXTENSION_URI.sdesRTPStreamID)]
  const streams = layers.map((_, index): Stream => {
    const ssrc = Math.floor(Math.random() * 0xffff_fffe) + 1
    return { ssrc, rid: `r${index}`, sequenceNumber: 0, packets: 0, octets: 0 }
  })

  function sendFrame(stream: Stream, { packets, bytes }: Layer, timestamp: number) {
    const extensions = [
      { id: midId, payload: serializeSdesMid(mid) },
      { id: ridId, payload: serializeSdesRTPStreamID(stream.rid) },
    ]
    for (let index = 0; index < packets; index++) {
      stream.sequenceNumber = (stream.sequenceNumber + 1) & 0xffff
      stream.packets++
      stream.octets += bytes
      const header = new RtpHeader({
        payloadType,
        ssrc: stream.ssrc,
        sequenceNumber: stream.sequenceNumber,
        timestamp,
        marker: index === packets - 1,
        extension: true,
        extensions,
      })
      void sender.dtlsTransport.sendRtp(vp8KeyFrame(bytes), header)
    }
  }

  /** Without reports of one clock an SFU does not switch between layers. */
  function report({ ssrc, packets, octets }: Stream, timestamp: number) {
    const senderInfo = new RtcpSenderInfo({
      ntpTimestamp: ntpTime(Date.now()),
      rtpTimestamp: timestamp,
      packetCount: packets,
      octetCount: octets,
    })
    void sender.dtlsTransport.sendRtcp([new RtcpSrPacket({ ssrc, senderInfo })])
  }

  const timer = setInterval(() => {
    if (sender.dtlsTransport.state !== 'connected') return
    const timestamp = Math.floor(Date.now() * 90) >>> 0
    const { encodings } = sender.getParameters()
    for (const [index, stream] of streams.entries()) {
      const layer = layers[index]
      if (!layer || encodings[index]?.active === false) continue
      sendFrame(stream, layer, timestamp)
      report(stream, timestamp)
    }
  }, tickMs)
  return {
    bytes: () => streams.reduce((sum, { octets }) => sum + octets, 0),
    stop: () => clearInterval(timer),
  }
}

/** NTP's 64 bits: seconds since 1900, and their fraction. */
function ntpTime(ms: number): bigint {
  const seconds = BigInt(Math.floor(ms / 1_000) + 2_208_988_800)
  const fraction = BigInt(Math.floor(((ms % 1_000) / 1_000) * 2 ** 32))
  return (seconds << 32n) | fraction
}
