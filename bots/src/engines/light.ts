import type { Source } from '@beseda/protocol/media'
import { Device } from 'mediasoup-client'
import {
  type RTCRtpTransceiver,
  type RtcpPacket,
  type RtpPacket,
  MediaStreamTrack as Track,
  useAudioLevelIndication,
  useNACK,
  useOPUS,
  usePLI,
  useSdesMid,
  useSdesRTPStreamId,
  useTransportWideCC,
  useTWCC,
  useVP8,
  type MediaStreamTrack as WeriftTrack,
} from 'werift'
import { createEmptyRegister, installPolyfill } from 'werift/polyfill'
import { makeCounter } from '../counter.ts'
import type { Engine } from '../engine.ts'
import type { Recording } from '../media/ivf.ts'
import { loadRecordings } from '../media/recordings.ts'
import { makeClock } from './clock.ts'
import { makeStream, type Stream } from './stream.ts'
import { wireOf } from './wire.ts'

/** RTCP by its numbers (RFC 4585, RFC 5104): the packet types, and the feedback in them. */
const transportFeedback = 205
const payloadFeedback = 206
const pictureLoss = 1

/**
 * The light engine: WebRTC in TypeScript (werift), media from files, nothing
 * decoded. ICE, DTLS, SRTP, sender reports, repeats and key frames on request
 * are those of a browser.
 */
export function makeLightEngine(): Engine {
  /** How each own track goes out, once it is published. */
  const transceivers = new WeakMap<object, RTCRtpTransceiver>()
  const uninstall = install((track, transceiver) => transceivers.set(track, transceiver))
  const { speech, pictures } = loadRecordings()
  const clock = makeClock()

  function recordingsOf(source: Source, simulcast: boolean): [Recording, string | null][] {
    const [small, middle, large] = pictures
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
    createDevice: async () => new Device({ handlerName: 'Chrome111' }),
    open(source, { simulcast }) {
      const kind = source === 'microphone' || source === 'screenAudio' ? 'audio' : 'video'
      const track = new Track({ kind })
      const wire = () => {
        const transceiver = transceivers.get(track)
        return transceiver ? wireOf(transceiver) : null
      }
      const recordings = recordingsOf(source, simulcast)
      const streams = recordings.map(([recording, rid]) => makeStream({ recording, rid, wire }))
      let stopListening: (() => void) | undefined
      const tick = () => {
        // What is asked for is heard from the first frame on.
        stopListening ??= listen(transceivers.get(track), streams)
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
      const arrive = ({ header, payload }: RtpPacket) => {
        const { sequenceNumber, timestamp, marker } = header
        counter.add({ now: performance.now(), sequenceNumber, timestamp, marker, payload })
      }
      ;(track as unknown as WeriftTrack).onReceiveRtp.subscribe(arrive)
      return counter
    },
    close() {
      clock.close()
      uninstall()
    },
  }
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

/**
 * Give Node the classes of WebRTC for mediasoup-client; `onTransceiver` is told
 * of each track that is sent. The answer takes them back.
 */
function install(
  onTransceiver: (track: object, transceiver: RTCRtpTransceiver) => void,
): () => void {
  const uninstall = installPolyfill({
    mediaRegister: [createEmptyRegister()],
    peerConnectionConfig: {
      codecs: {
        audio: [useOPUS({ rtcpFeedback: [useNACK(), useTWCC()] })],
        video: [useVP8({ rtcpFeedback: [useNACK(), usePLI(), useTWCC()] })],
      },
      headerExtensions: {
        audio: [useSdesMid(), useTransportWideCC(), useAudioLevelIndication()],
        video: [useSdesMid(), useSdesRTPStreamId(), useTransportWideCC()],
      },
    },
  })
  const Installed = globalThis.RTCPeerConnection
  globalThis.RTCPeerConnection = class extends Installed {
    override addTransceiver(
      trackOrKind: MediaStreamTrack | string,
      init?: RTCRtpTransceiverInit,
    ): globalThis.RTCRtpTransceiver {
      const transceiver = super.addTransceiver(trackOrKind, init)
      if (typeof trackOrKind !== 'string') {
        onTransceiver(trackOrKind, transceiver as unknown as RTCRtpTransceiver)
      }
      return transceiver
    }
  }
  return uninstall
}
