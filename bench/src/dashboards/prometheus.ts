import { z } from 'zod'
import type { Target } from './dashboard.ts'
import { fillIn, intervalsOf, QueryError } from './interval.ts'

/** Seconds since 1970. */
export type Range = { from: number; to: number }

export type Series = {
  name: string
  /** Seconds since 1970 and the value; without those that are no numbers. */
  points: [at: number, value: number][]
  /** Seconds between two points that have no gap between them. */
  step: number
}

const answerSchema = z.union([
  z.object({
    status: z.literal('success'),
    data: z.object({
      result: z.array(
        z.object({
          metric: z.record(z.string(), z.string()),
          values: z.array(z.tuple([z.number(), z.string()])),
        }),
      ),
    }),
  }),
  z.object({ status: z.literal('error'), error: z.string() }),
])

/**
 * Ask Prometheus what a panel of so many pixels asks of it.
 *
 * @throws QueryError when the query is none, another Error when Prometheus can't be reached
 */
export async function ask(
  prometheus: string,
  { expr, legendFormat, interval }: Target,
  { from, to }: Range,
  pixels: number,
): Promise<Series[]> {
  const intervals = intervalsOf(to - from, pixels, interval)
  const { step } = intervals
  // On multiples of the step, as Grafana does, so that the same points come every time.
  const aligned = (at: number) => String(Math.floor(at / step) * step)
  const body = new URLSearchParams({
    query: fillIn(expr, intervals),
    start: aligned(from),
    end: aligned(to),
    step: String(step),
  })
  const url = new URL('/api/v1/query_range', prometheus)
  const reply = await fetch(url, { method: 'POST', body }).catch((cause: unknown) => {
    throw new Error(`No Prometheus answers at ${prometheus}.`, { cause })
  })
  const answer = answerSchema.parse(await reply.json())
  if (answer.status === 'error') throw new QueryError(answer.error)
  return answer.data.result.map(({ metric, values }) => ({
    name: legendFormat.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label) => metric[label] ?? ''),
    points: values
      .map(([at, value]): [number, number] => [at, Number(value)])
      .filter(([, value]) => Number.isFinite(value)),
    step,
  }))
}
