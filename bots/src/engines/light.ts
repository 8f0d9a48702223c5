import type { Source } from '@beseda/protocol/media'
import { Device, type types } from 'mediasoup-client'
import {
  type RTCRtpTransceiver,
  type RtcpPacket,
  type RtpPacket,
  MediaStreamTrack as Track,
  type MediaStreamTrack as WeriftTrack,
} from 'werift'
import { makeCounter } from '../counter.ts'
import type { Engine } from '../engine.ts'
import { keyFrameWidthH264 } from '../media/h264.ts'
import type { Recording } from '../media/ivf.ts'
import { type Codec, loadRecordings } from '../media/recordings.ts'
import { keyFrameWidth } from '../media/vp8.ts'
import { makeClock } from './clock.ts'
import { installConnections } from './connections.ts'
import { makeStream, type Stream } from './stream.ts'
import { wireOf } from './wire.ts'

/** RTCP by its numbers (RFC 4585, RFC 5104): the packet types, and the feedback in them. */
const transportFeedback = 205
const payloadFeedback = 206
const pictureLoss = 1

/** How long Chromium waits for a frame that it can decode before it asks for a key frame: at first, and later. */
const firstFrameMs = 200
const stuckMs = 3_000

/**
 * The light engine: WebRTC in TypeScript (werift), media from files, nothing
 * decoded. ICE, DTLS, SRTP, sender reports, repeats and key frames on request
 * are those of a browser.
 */
export function makeLightEngine(): Engine {
  const connections = installConnections()
  const { speech, pictures } = loadRecordings()
  const clock = makeClock()

  function recordingsOf(
    source: Source,
    simulcast: boolean,
    codec: Codec,
  ): [Recording, string | null][] {
    const [small, middle, large] = pictures[codec]
    if (source === 'microphone' || source === 'screenAudio') return [[speech, null]]
    if (source === 'screen') return [[large, null]]
    if (!simulcast) return [[large, 'r2']]
    return [
      [small, 'r0'],
      [middle, 'r1'],
      [large, 'r2'],
    ]
  }

  return {
    async createDevice({ codec, network }) {
      const device = new Device({ handlerName: 'Chrome111' })
      const { createSendTransport, createRecvTransport } = device
      // A transport makes its connection at once.
      const wrap = (make: typeof createSendTransport) =>
        ((options) => {
          const open = () => make.call(device, options)
          return network ? connections.through(network, open) : open()
        }) as typeof make
      device.createSendTransport = wrap(createSendTransport)
      device.createRecvTransport = wrap(createRecvTransport)
      return codec === 'vp8' ? device : sendOnly(device, 'video/H264')
    },
    open(source, { simulcast, codec }) {
      const kind = source === 'microphone' || source === 'screenAudio' ? 'audio' : 'video'
      const track = new Track({ kind })
      const wire = () => {
        const transceiver = connections.transceiverOf(track)
        return transceiver ? wireOf(transceiver) : null
      }
      const recordings = recordingsOf(source, simulcast, codec)
      const streams = recordings.map(([recording, rid]) => makeStream({ recording, rid, wire }))
      let stopListening: (() => void) | undefined
      const tick = () => {
        // What is asked for is heard from the first frame on.
        stopListening ??= listen(connections.transceiverOf(track), streams)
        const now = performance.now()
        for (const stream of streams) stream.sendFrame(now)
      }
      const stop = clock.add(recordings[0]?.[0].frameMs ?? 20, tick)
      return {
        track: track as unknown as MediaStreamTrack,
        setTalking(talking) {
          for (const stream of streams) stream.setTalking(talking)
        },
        close() {
          stop()
          stopListening?.()
        },
      }
    },
    count(track) {
      const counter = makeCounter(track.kind === 'audio' ? 'audio' : 'video')
      const widthOf = (payload: Buffer) => {
        if (track.kind === 'audio') return null
        const { codec } = track as unknown as WeriftTrack
        return codec?.name.toLowerCase() === 'h264'
          ? keyFrameWidthH264(payload)
          : keyFrameWidth(payload)
      }
      let askedAt = 0
      const arrive = ({ header, payload }: RtpPacket) => {
        const { sequenceNumber, timestamp, marker, ssrc } = header
        connections.arrived(track, ssrc, sequenceNumber)
        const now = performance.now()
        const width = widthOf(payload)
        counter.add({
          now,
          sequenceNumber,
          timestamp,
          marker,
          keyFrameWidth: width,
          bytes: payload.length,
        })
        const stuckFor = counter.stuckMs(now)
        if (stuckFor < firstFrameMs) return
        const patience = counter.counts().firstFrameAt === null ? firstFrameMs : stuckMs
        if (stuckFor < patience || now - askedAt < patience) return
        askedAt = now
        void connections.receiverOf(track)?.sendRtcpPLI(ssrc)
      }
      ;(track as unknown as WeriftTrack).onReceiveRtp.subscribe(arrive)
      return counter
    },
    close() {
      clock.close()
      connections.uninstall()
    },
  }
}

/** Let a device send its pictures in no other codec than this one; it receives all. */
function sendOnly(device: types.Device, mimeType: string): types.Device {
  const { createSendTransport } = device
  device.createSendTransport = ((options) => {
    const transport = createSendTransport.call(device, options)
    const { produce } = transport
    transport.produce = ((what) => {
      const codec = device.sendRtpCapabilities.codecs?.find((one) => one.mimeType === mimeType)
      const isPicture = what?.track?.kind === 'video'
      return produce.call(transport, { ...what, ...(isPicture && codec && { codec }) })
    }) as typeof produce
    return transport
  }) as typeof createSendTransport
  return device
}

/** Hear what the SFU asks of the streams; undefined until there is a way to hear it. */
function listen(
  transceiver: RTCRtpTransceiver | undefined,
  streams: Stream[],
): (() => void) | undefined {
  const transport = transceiver?.sender.dtlsTransport
  if (!transport) return undefined
  const streamOf = (ssrc: number) => streams.find((stream) => stream.ssrc() === ssrc)
  const heed = (packet: RtcpPacket) => {
    if (packet.type === transportFeedback && 'lost' in packet.feedback) {
      const { mediaSourceSsrc, lost } = packet.feedback
      streamOf(mediaSourceSsrc)?.repeat(lost)
    } else if (packet.type === payloadFeedback && packet.feedback.count === pictureLoss) {
      streamOf(packet.feedback.mediaSsrc)?.restart(performance.now())
    }
  }
  return transport.onRtcp.subscribe(heed).unSubscribe
}
