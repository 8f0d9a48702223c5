import type { Counter, TrackCounts } from '../counter.ts'
import { makeScreening } from '../frames.ts'

/** As much of inbound statistics (W3C webrtc-stats) as is used, beside what tells them apart. */
type Inbound = {
  type: string
  trackIdentifier?: string
  packetsReceived?: number
  bytesReceived?: number
  packetsLost?: number
  retransmittedPacketsReceived?: number
  /** Seconds. */
  jitter?: number
  keyFramesDecoded?: number
  /** Samples that the decoder made up, and those of them that are silence. */
  concealedSamples?: number
  silentConcealedSamples?: number
  totalSamplesReceived?: number
}

/** Opus says so often that it is silent; a longer wait for a packet is a hole. */
const silenceMs = 400
const samplesPerMs = 48

/** Counts one track that libwebrtc decodes: frames as they are shown, the rest from statistics. */
export function makeDecodedCounter(kind: 'audio' | 'video') {
  const screening = makeScreening()
  const counts = {
    kind,
    packets: 0,
    bytes: 0,
    lost: 0,
    repaired: 0,
    jitterMs: 0,
    longestGapMs: 0,
    keyFrames: 0,
    switches: 0,
    width: null as number | null,
    firstAt: null as number | null,
  }
  let packetAt: number | null = null
  let madeUp = 0
  /** Of the hole that is on, ms. */
  let holeMs = 0

  const hole = (ms: number) => {
    if (kind === 'audio') counts.longestGapMs = Math.max(counts.longestGapMs, ms)
  }

  return {
    /** A frame was decoded. */
    show(now: number, width: number) {
      screening.show(now)
      counts.firstAt ??= now
      if (counts.width !== null && counts.width !== width) counts.switches++
      counts.width = width
    },
    take(now: number, inbound: Inbound) {
      const { packetsReceived = 0 } = inbound
      if (packetsReceived > counts.packets) {
        counts.firstAt ??= now
        packetAt = now
      } else if (packetAt !== null) {
        hole(now - packetAt - silenceMs)
      }
      const total = (inbound.concealedSamples ?? 0) - (inbound.silentConcealedSamples ?? 0)
      // What is made up in one look after the other is one hole.
      holeMs = total > madeUp ? holeMs + (total - madeUp) / samplesPerMs : 0
      // The decoder makes up sound before the first packet too.
      if (packetAt !== null && madeUp > 0) hole(holeMs)
      madeUp = total
      counts.packets = packetsReceived
      counts.bytes = inbound.bytesReceived ?? 0
      counts.lost = Math.max(0, inbound.packetsLost ?? 0)
      counts.repaired = inbound.retransmittedPacketsReceived ?? 0
      counts.jitterMs = (inbound.jitter ?? 0) * 1_000
      counts.keyFrames = inbound.keyFramesDecoded ?? 0
    },
    interrupt(now: number) {
      if (packetAt !== null) hole(now - packetAt - silenceMs)
      packetAt = null
      screening.interrupt(now)
    },
    counts: (): TrackCounts => ({ ...counts, ...screening.counts() }),
  }
}

type Sinks = Pick<typeof import('@roamhq/wrtc').nonstandard, 'RTCAudioSink' | 'RTCVideoSink'>

/** Counts whatever tracks are asked for, until closed. */
export function makeDecoded({ RTCAudioSink, RTCVideoSink }: Sinks) {
  const counters = new Map<string, ReturnType<typeof makeDecodedCounter>>()
  const sinks = new Set<{ stop(): void }>()

  return {
    count(track: MediaStreamTrack): Counter {
      const counter = makeDecodedCounter(track.kind === 'audio' ? 'audio' : 'video')
      counters.set(track.id, counter)
      if (track.kind === 'audio') {
        // Nobody decodes sound that nobody hears.
        const sink = new RTCAudioSink(track)
        sinks.add(sink)
        return counter
      }
      const sink = new RTCVideoSink(track)
      sink.onframe = ({ frame }: { frame: { width: number } }) =>
        counter.show(performance.now(), frame.width)
      sinks.add(sink)
      return counter
    },
    /** Take the statistics of a connection. */
    take(report: RTCStatsReport) {
      const now = performance.now()
      for (const inbound of report.values() as IterableIterator<Inbound>) {
        if (inbound.type !== 'inbound-rtp' || inbound.trackIdentifier === undefined) continue
        counters.get(inbound.trackIdentifier)?.take(now, inbound)
      }
    },
    close() {
      for (const sink of sinks) sink.stop()
    },
  }
}
