import { type FrameCounts, makeAssembly, makeScreening } from './frames.ts'

/** What is known of one packet when it arrives. */
export type Arrival = {
  /** Milliseconds. */
  now: number
  sequenceNumber: number
  /** In ticks of the codec's clock. */
  timestamp: number
  /** Of a picture: the last packet of a frame. */
  marker: boolean
  /** Of a picture: the width of the key frame that starts here; null for any other packet. */
  keyFrameWidth: number | null
  /** Of the payload. */
  bytes: number
}

/** What one received track came to. */
export type TrackCounts = FrameCounts & {
  kind: 'audio' | 'video'
  packets: number
  bytes: number
  /** Never came, or, of sound, too late to be heard; repeats counted as come. */
  lost: number
  /** Came late: asked for again, or overtaken. */
  repaired: number
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
}

export type Counter = {
  counts(): TrackCounts
  /** The track rests or is over: until now it was waited for, from now on it is not. */
  interrupt(now: number): void
}

/** Counts packets. */
export type PacketCounter = Counter & {
  add(packet: Arrival): void
  /** Milliseconds for which nothing could be shown though packets came; 0 for sound. */
  stuckMs(now: number): number
}

/** Sound that comes later than others of its time is not waited for in a talk (ITU-T G.114), ms. */
const soundLateMs = 400

/**
 * Counts a track by the headers of its packets, nothing decoded. A pause in
 * sound (the sender says nothing, and says so by the timestamp) is no gap. A frame counts as
 * shown as soon as it can be: there is no buffer that makes up for late packets.
 */
export function makeCounter(kind: 'audio' | 'video'): PacketCounter {
  const ticksPerMs = kind === 'audio' ? 48 : 90
  /** Sequence numbers counted on beyond 16 bits. */
  let highest = 0
  let last: { now: number; timestamp: number; sequence: number } | null = null
  /** Numbers below `highest` that are missing still, and since when. */
  const missing = new Map<number, number>()
  const assembly = makeAssembly()
  const screening = makeScreening()
  let progressAt: number | null = null
  const counts = {
    kind,
    packets: 0,
    bytes: 0,
    repaired: 0,
    jitterMs: 0,
    longestGapMs: 0,
    keyFrames: 0,
    switches: 0,
    width: null as number | null,
    firstAt: null as number | null,
  }

  function see({ now, timestamp }: Arrival, sequence: number) {
    if (last) {
      const waited = now - last.now
      const meant = signed32(timestamp - last.timestamp) / ticksPerMs
      counts.jitterMs += (Math.abs(waited - meant) - counts.jitterMs) / 16
      // Each packet is 20 ms of sound, missing ones too: of the rest the sender was silent.
      const gap = waited - Math.max(0, meant - (sequence - last.sequence) * usualMs)
      counts.longestGapMs = Math.max(counts.longestGapMs, gap)
    }
    last = { now, timestamp, sequence }
  }

  function look({ now, keyFrameWidth: width, marker }: Arrival, sequence: number) {
    if (kind === 'audio') return
    if (width !== null) {
      counts.keyFrames++
      if (counts.width !== null && counts.width !== width) counts.switches++
      counts.width = width
    }
    progressAt ??= now
    // Frames that one late packet sets free are shown as one.
    const frames = assembly.add({ sequence, startsKeyFrame: width !== null, endsFrame: marker })
    if (frames === 0) return
    screening.show(now)
    progressAt = now
  }

  return {
    add(packet) {
      let sequence = packet.sequenceNumber
      if (counts.firstAt === null) {
        counts.firstAt = packet.now
        highest = sequence
        see(packet, sequence)
      } else {
        sequence = highest + signed16(sequence - highest)
        if (sequence > highest) {
          for (let one = highest + 1; one < sequence; one++) missing.set(one, packet.now)
          highest = sequence
          see(packet, sequence)
        } else {
          const since = missing.get(sequence)
          // A repeat of what came already, or of what nobody waits for any more.
          if (since === undefined) return
          if (kind === 'audio' && packet.now - since > soundLateMs) return
          missing.delete(sequence)
          counts.repaired++
        }
      }
      counts.packets++
      counts.bytes += packet.bytes
      look(packet, sequence)
    },
    interrupt(now) {
      if (last) {
        // The sender may have fallen silent in between, which nothing has said yet.
        const gap = now - last.now - (silenceMs - usualMs)
        if (kind === 'audio') counts.longestGapMs = Math.max(counts.longestGapMs, gap)
      }
      last = null
      progressAt = null
      screening.interrupt(now)
    },
    stuckMs: (now) => (progressAt !== null && assembly.isStuck() ? now - progressAt : 0),
    counts: () => ({ ...counts, ...screening.counts(), lost: missing.size }),
  }
}

/** A packet of sound lasts 20 ms; frames of a picture come every 40 ms or so. */
const usualMs = 20
/** Opus with DTX says so often that it is still silent. */
const silenceMs = 400

const signed16 = (difference: number) => (difference << 16) >> 16
const signed32 = (difference: number) => difference | 0
