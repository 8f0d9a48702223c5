/** The value below which the share `p` (0 to 1) of the samples lies, by nearest rank. */
export function percentile(samples: readonly number[], p: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN
}

export const median = (samples: readonly number[]) => percentile(samples, 0.5)

/** Where the true median lies, in 19 of 20 times, whatever the samples' distribution: between two of them by rank. */
export function medianRange(samples: readonly number[]): { low: number; high: number } {
  const sorted = [...samples].sort((a, b) => a - b)
  const { length } = sorted
  // How likely it is that no more than `rank` of the samples lie below the median, as with coins.
  let below = 2 ** -length
  let term = below
  let rank = 0
  while (below <= 0.025 && rank < length / 2) {
    rank++
    term *= (length - rank + 1) / rank
    below += term
  }
  const [low = Number.NaN, high = Number.NaN] = [sorted[rank - 1], sorted[length - rank]]
  return { low, high }
}

/** One line of a benchmark's table. */
export type Row = {
  what: string
  value: number
  unit: 'ms' | 'µs' | '×' | '1/s' | '%' | 'kbit/s' | 'MB' | 'KB'
  /** What it should stay under. */
  goal?: number
}

/** A figure with as many digits as it deserves. */
export function format({ value, unit }: Row): string {
  const digits = unit === '×' ? 3 : value < 10 ? 2 : 1
  return `${value.toFixed(digits)} ${unit}`
}
