/** How often `deploy/monitoring/prometheus.yml` asks, in seconds; Grafana is told the same. */
const scrape = 15

/** Seconds below which an interval is rounded to which, as Grafana does; what is longer, to days. */
const rounded: [below: number, to: number][] = [
  [1.5, 1],
  [3.5, 2],
  [7.5, 5],
  [12.5, 10],
  [17.5, 15],
  [25, 20],
  [45, 30],
  [90, 60],
  [210, 120],
  [450, 300],
  [750, 600],
  [1_050, 900],
  [1_500, 1_200],
  [2_700, 1_800],
  [5_400, 3_600],
  [9_000, 7_200],
  [16_200, 10_800],
  [32_400, 21_600],
  [86_400, 43_200],
]

/** What Grafana's variables stand for in one query, in seconds. */
export type Intervals = {
  /** Between two points, `$__interval`. */
  step: number
  /** Over which a rate is taken, `$__rate_interval`. */
  rate: number
}

/**
 * How closely a query is asked: a point for each pixel, but none closer than `least`, which is the
 * query's "Min step" or else how often Prometheus asks. All in seconds.
 */
export function intervalsOf(range: number, pixels: number, least = scrape): Intervals {
  const exact = range / pixels
  const nice = rounded.find(([below]) => exact < below)?.[1] ?? 86_400
  const step = Math.max(nice, least)
  return { step, rate: Math.max(step + least, 4 * least) }
}

/** A span such as `15s`, `1m` or `2h` in seconds. @throws RangeError of another text */
export function secondsOf(span: string): number {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(span) ?? []
  const seconds = { s: 1, m: 60, h: 3_600, d: 86_400 }[unit ?? '']
  if (seconds === undefined) throw new RangeError(`${span} is no span of time such as 30m`)
  return Number(count) * seconds
}

/** A query that can't be asked, or that Prometheus refuses. */
export class QueryError extends Error {
  override name = 'QueryError'
}

/** The query as Prometheus gets it. @throws QueryError when it has a variable that is not known */
export function fillIn(expr: string, { step, rate }: Intervals): string {
  const values: Record<string, number> = { $__interval: step, $__rate_interval: rate }
  return expr.replace(/\$\w+/g, (variable) => {
    const value = values[variable]
    if (value === undefined) throw new QueryError(`nobody says what ${variable} is`)
    return `${value}s`
  })
}
