import { keyFrameWidth } from './media/vp8.ts'

/** What is known of one packet when it arrives. */
export type Arrival = {
  /** Milliseconds. */
  now: number
  sequenceNumber: number
  /** In ticks of the codec's clock. */
  timestamp: number
  payload: Buffer
}

/** What one received track came to. */
export type TrackCounts = {
  packets: number
  bytes: number
  /** Never came, repeats counted as come. */
  lost: number
  /** Milliseconds, as receivers report it (RFC 3550, 6.4.1). */
  jitterMs: number
  /** Milliseconds of the longest wait between packets beyond what their sender meant. */
  longestGapMs: number
  keyFrames: number
  /** Changes of the picture's size from key frame to key frame. */
  switches: number
  /** Width of the last key frame, null for sound and before the first. */
  width: number | null
  /** Milliseconds, null before it. */
  firstAt: number | null
  firstKeyFrameAt: number | null
}

export type Counter = { add(packet: Arrival): void; counts(): TrackCounts }

/**
 * Counts a track by the headers of its packets, nothing decoded. A pause in
 * sound (the sender says nothing, and says so by the timestamp) is no gap.
 */
export function makeCounter(kind: 'audio' | 'video'): Counter {
  const ticksPerMs = kind === 'audio' ? 48 : 90
  /** Sequence numbers counted on beyond 16 bits. */
  let first = 0
  let highest = 0
  let last: { now: number; timestamp: number; sequence: number } | null = null
  /** Numbers below `highest` that are missing still. */
  const missing = new Set<number>()
  const counts: TrackCounts = {
    packets: 0,
    bytes: 0,
    lost: 0,
    jitterMs: 0,
    longestGapMs: 0,
    keyFrames: 0,
    switches: 0,
    width: null,
    firstAt: null,
    firstKeyFrameAt: null,
  }

  function see({ now, timestamp }: Arrival, sequence: number) {
    if (last) {
      const waited = now - last.now
      const meant = signed32(timestamp - last.timestamp) / ticksPerMs
      counts.jitterMs += (Math.abs(waited - meant) - counts.jitterMs) / 16
      const complete = sequence === last.sequence + 1
      const gap = complete ? waited - Math.max(0, meant - usualMs) : waited
      counts.longestGapMs = Math.max(counts.longestGapMs, gap)
    }
    last = { now, timestamp, sequence }
  }

  function look({ now, payload }: Arrival) {
    const width = kind === 'video' ? keyFrameWidth(payload) : null
    if (width === null) return
    counts.keyFrames++
    counts.firstKeyFrameAt ??= now
    if (counts.width !== null && counts.width !== width) counts.switches++
    counts.width = width
  }

  return {
    add(packet) {
      if (counts.firstAt === null) {
        counts.firstAt = packet.now
        first = highest = packet.sequenceNumber
        see(packet, first)
      } else {
        const sequence = highest + signed16(packet.sequenceNumber - highest)
        if (sequence > highest) {
          for (let one = highest + 1; one < sequence; one++) missing.add(one)
          highest = sequence
          see(packet, sequence)
        } else if (!missing.delete(sequence)) {
          // A repeat of what came already.
          return
        }
      }
      counts.packets++
      counts.bytes += packet.payload.length
      look(packet)
    },
    counts: () => ({ ...counts, lost: missing.size }),
  }
}

/** A packet of sound lasts 20 ms; frames of a picture come every 40 ms or so. */
const usualMs = 20

const signed16 = (difference: number) => (difference << 16) >> 16
const signed32 = (difference: number) => difference | 0
