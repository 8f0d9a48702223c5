import { Device, type types } from 'mediasoup-client'
import { MediaStreamTrack, type RtpPacket } from 'werift'
import { createEmptyRegister, installPolyfill } from 'werift/polyfill'

/** Give Node the classes of WebRTC, in pure TypeScript, so that mediasoup-client runs here. */
export function installWebRtc(): void {
  installPolyfill({ mediaRegister: [createEmptyRegister()] })
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
