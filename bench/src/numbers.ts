/** The value below which the share `p` (0 to 1) of the samples lies, by nearest rank. */
export function percentile(samples: readonly number[], p: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN
}

export const median = (samples: readonly number[]) => percentile(samples, 0.5)

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
