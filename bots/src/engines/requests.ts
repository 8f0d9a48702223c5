/** As Chromium asks for pictures again: at once, then when an answer should have come, so often at most. */
const againMs = 100
const timesMax = 10
/** Packets missing at once beyond these are given up, the oldest first. */
const missingMax = 1_000

/** Which packets of a received stream are to be asked for again, sound and pictures alike. */
export function makeRequests() {
  /** Sequence numbers counted on beyond 16 bits. */
  let highest: number | null = null
  const missing = new Map<number, { times: number; askedAt: number }>()

  return {
    /** A packet came. @returns whether packets before it are missing that were not before */
    add(number16: number): boolean {
      if (highest === null) {
        highest = number16
        return false
      }
      const number: number = highest + (((number16 - highest) << 16) >> 16)
      missing.delete(number)
      const before = highest
      for (let one = Math.max(before + 1, number - missingMax); one < number; one++) {
        missing.set(one, { times: 0, askedAt: Number.NEGATIVE_INFINITY })
        if (missing.size > missingMax) missing.delete(missing.keys().next().value ?? one)
      }
      highest = Math.max(before, number)
      return number > before + 1
    },
    /** The numbers to ask for now (ms), as they stand in packets, in their order. */
    due(now: number): number[] {
      const numbers: number[] = []
      for (const [number, asked] of missing) {
        if (now - asked.askedAt < againMs) continue
        if (asked.times >= timesMax) {
          missing.delete(number)
          continue
        }
        asked.times++
        asked.askedAt = now
        numbers.push(number & 0xffff)
      }
      return numbers
    },
    isEmpty: () => missing.size === 0,
  }
}
