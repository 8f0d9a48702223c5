import { ortc, type types } from 'mediasoup'

/**
 * What every router speaks. Payload types are fixed, so that the capabilities
 * of all nodes are the same and a client may act on them before it has joined.
 */
export const mediaCodecs: types.RouterRtpCodecCapability[] = [
  {
    kind: 'audio',
    mimeType: 'audio/opus',
    preferredPayloadType: 111,
    clockRate: 48_000,
    channels: 2,
    // Each side repeats the other's losses: forward correction only knows those of the sender's own way.
    rtcpFeedback: [{ type: 'nack' }],
    parameters: { minptime: 10, useinbandfec: 1, usedtx: 1 },
  },
  {
    kind: 'video',
    mimeType: 'video/VP8',
    preferredPayloadType: 96,
    clockRate: 90_000,
    parameters: { 'x-google-start-bitrate': 1000 },
  },
  {
    kind: 'video',
    mimeType: 'video/H264',
    preferredPayloadType: 102,
    clockRate: 90_000,
    parameters: {
      'packetization-mode': 1,
      'profile-level-id': '42e01f',
      'level-asymmetry-allowed': 1,
      'x-google-start-bitrate': 1000,
    },
  },
]

/** The capabilities that a router with `mediaCodecs` has. */
export function routerRtpCapabilities(): types.RtpCapabilities {
  return ortc.generateRouterRtpCapabilities(mediaCodecs)
}
