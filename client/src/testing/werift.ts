import { Device, type types } from 'mediasoup-client'
import {
  MediaStreamTrack,
  type RtpPacket,
  useNACK,
  usePLI,
  useSdesMid,
  useSdesRTPStreamId,
  useVP8,
} from 'werift'
import { createEmptyRegister, installPolyfill } from 'werift/polyfill'

/**
 * Give Node the classes of WebRTC, in pure TypeScript, so that mediasoup-client runs here. Layers
 * of simulcast are told apart by their RID (RFC 8852). Nothing is said of bandwidth, so the SFU
 * sends as much as is wanted.
 */
export function installWebRtc(): void {
  installPolyfill({
    mediaRegister: [createEmptyRegister()],
    peerConnectionConfig: {
      codecs: { video: [useVP8({ rtcpFeedback: [useNACK(), usePLI()] })] },
      headerExtensions: { audio: [], video: [useSdesMid(), useSdesRTPStreamId()] },
    },
  })
}

/** A mediasoup device on werift. */
export const createDevice = async (): Promise<types.Device> =>
  new Device({ handlerName: 'Chrome111' })

/** A track that sends the RTP packets written to it. */
export function makeTrack(kind: 'audio' | 'video') {
  const track = new MediaStreamTrack({ kind })
  return {
    track: track as unknown as globalThis.MediaStreamTrack,
    write: (rtp: RtpPacket) => track.writeRtp(rtp),
  }
}

/** Call `onPacket` for every RTP packet that arrives on a remote track. */
export function onRtp(
  track: globalThis.MediaStreamTrack,
  onPacket: (rtp: RtpPacket) => void,
): void {
  ;(track as unknown as MediaStreamTrack).onReceiveRtp.subscribe(onPacket)
}
