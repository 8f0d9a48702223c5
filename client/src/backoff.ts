/**
 * Milliseconds to wait before try number `attempt` (from 0): doubles from
 * `base` up to `max`, with full jitter so that a crowd does not come back in
 * one instant.
 */
export function backoff(
  attempt: number,
  { base = 300, max = 10_000, random = Math.random }: Partial<BackoffOptions> = {},
): number {
  const ceiling = Math.min(max, base * 2 ** attempt)
  return Math.round(ceiling / 2 + (random() * ceiling) / 2)
}

type BackoffOptions = { base: number; max: number; random: () => number }

/** Pauses between tries that can be cut short, all at once. */
export function makePause() {
  const ends = new Set<() => void>()
  return {
    /** Resolves after `ms`, or at the next `cut`. */
    wait(ms: number): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<void>()
      const end = () => {
        clearTimeout(timer)
        ends.delete(end)
        resolve()
      }
      const timer = setTimeout(end, ms)
      ends.add(end)
      return promise
    },
    cut() {
      for (const end of ends) end()
    },
  }
}
