/** Says whether one more request is fine. */
export type RateLimit = { take(): boolean }

/** A bucket of `burst` tokens, filled with `perSecond` of them each second. */
export function makeRateLimit(options: { perSecond: number; burst: number }): RateLimit {
  let tokens = options.burst
  let filledAt = performance.now()
  return {
    take() {
      const now = performance.now()
      tokens = Math.min(options.burst, tokens + ((now - filledAt) / 1000) * options.perSecond)
      filledAt = now
      if (tokens < 1) return false
      tokens--
      return true
    },
  }
}
