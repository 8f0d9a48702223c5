import type { RequestData } from '@beseda/protocol/signalling'
import { routerRtpCapabilities } from '../codecs.ts'
import { fromMediasoupCapabilities } from '../rooms/rtp.ts'

/** A client that can do whatever the router can. */
export const capabilities = fromMediasoupCapabilities(routerRtpCapabilities())

let lastSsrc = 1_000_000

/** An offer of Opus with a stream number of its own. */
export function microphone(transportId: string): RequestData<'produce'> {
  return {
    transportId,
    kind: 'audio',
    source: 'microphone',
    rtpParameters: {
      mid: String(++lastSsrc),
      codecs: [{ mimeType: 'audio/opus', payloadType: 111, clockRate: 48_000, channels: 2 }],
      encodings: [{ ssrc: ++lastSsrc }],
      rtcp: { cname: 'test' },
    },
  }
}

/** An offer of VP8 in as many simulcast layers. */
export function camera(transportId: string, layers = 3): RequestData<'produce'> {
  return {
    transportId,
    kind: 'video',
    source: 'camera',
    rtpParameters: {
      mid: String(++lastSsrc),
      codecs: [
        { mimeType: 'video/VP8', payloadType: 96, clockRate: 90_000 },
        { mimeType: 'video/rtx', payloadType: 97, clockRate: 90_000, parameters: { apt: 96 } },
      ],
      encodings: Array.from({ length: layers }, () => ({
        ssrc: ++lastSsrc,
        rtx: { ssrc: ++lastSsrc },
      })),
      rtcp: { cname: 'test' },
    },
  }
}

/** A fingerprint that is well formed and nobody's. */
export const dtlsParameters = {
  role: 'client' as const,
  fingerprints: [
    { algorithm: 'sha-256' as const, value: Array.from({ length: 32 }, () => 'AB').join(':') },
  ],
}
