/** What a picture came to, frame by frame. */
export type FrameCounts = {
  frames: number
  /** Milliseconds, null before it. */
  firstFrameAt: number | null
  freezes: number
  /** Milliseconds of all freezes together, and of the longest. */
  frozenMs: number
  longestFreezeMs: number
  /** Milliseconds between the first frame and the last. */
  watchedMs: number
}

/** Durations of frames that make the average, and how few are too few. */
const remembered = 30
const enough = 5

/**
 * When the frames of a picture are shown, by the W3C's definition of a freeze
 * (https://www.w3.org/TR/webrtc-stats/#dom-rtcinboundrtpstreamstats-freezecount): a frame that
 * stands for as long as three average ones, and 150 ms longer than an average one.
 */
export function makeScreening() {
  const counts: FrameCounts = {
    frames: 0,
    firstFrameAt: null,
    freezes: 0,
    frozenMs: 0,
    longestFreezeMs: 0,
    watchedMs: 0,
  }
  const durations: number[] = []
  let shownAt: number | null = null

  function endFrame(now: number) {
    if (shownAt === null) return
    const duration = now - shownAt
    durations.push(duration)
    if (durations.length > remembered) durations.shift()
    counts.watchedMs += duration
    if (durations.length < enough) return
    const average = durations.reduce((sum, one) => sum + one, 0) / durations.length
    if (duration < Math.max(3 * average, average + 150)) return
    counts.freezes++
    counts.frozenMs += duration
    counts.longestFreezeMs = Math.max(counts.longestFreezeMs, duration)
  }

  return {
    /** The next frame is shown. */
    show(now: number) {
      endFrame(now)
      shownAt = now
      counts.frames++
      counts.firstFrameAt ??= now
    },
    /** The picture rests or ends: until now it was waited for. */
    interrupt(now: number) {
      endFrame(now)
      shownAt = null
    },
    counts: (): FrameCounts => ({ ...counts }),
  }
}

/** One packet of a picture, its sequence number counted on beyond 16 bits. */
export type Part = { sequence: number; startsKeyFrame: boolean; endsFrame: boolean }

/**
 * Puts frames together from packets in any order. A frame can be shown when all of it and all
 * since the last key frame is there; a whole key frame makes up for whatever is missing before it.
 */
export function makeAssembly() {
  /** All up to this one is there, or not needed any more; null before the first key frame. */
  let whole: number | null = null
  const beyond = new Set<number>()
  const ends = new Set<number>()
  const keyFrames = new Set<number>()

  function isWhole(start: number): boolean {
    for (let at = start; beyond.has(at); at++) if (ends.has(at)) return true
    return false
  }

  function skipTo(start: number) {
    for (const set of [beyond, ends, keyFrames]) {
      for (const one of set) if (one < start) set.delete(one)
    }
    whole = start - 1
  }

  return {
    /** Take a packet; the answer says how many frames can be shown now that it is there. */
    add({ sequence, startsKeyFrame, endsFrame }: Part): number {
      if (whole !== null && sequence <= whole) return 0
      beyond.add(sequence)
      if (endsFrame) ends.add(sequence)
      if (startsKeyFrame) keyFrames.add(sequence)
      if (whole === null || sequence !== whole + 1) {
        for (const start of keyFrames) if (isWhole(start)) skipTo(start)
      }
      if (whole === null) return 0
      let frames = 0
      while (beyond.delete(whole + 1)) {
        whole++
        keyFrames.delete(whole)
        if (ends.delete(whole)) frames++
      }
      return frames
    },
    /** Whether frames wait for a packet that is missing. */
    isStuck: () => ends.size > 0,
  }
}
