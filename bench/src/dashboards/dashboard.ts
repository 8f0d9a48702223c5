import { z } from 'zod'
import { secondsOf } from './interval.ts'
import { units } from './units.ts'

/** Grafana's grid: 24 columns; rows are 30 pixels high and 8 apart. */
const place = z.object({
  x: z.int().min(0),
  y: z.int().min(0),
  w: z.int().min(1).max(24),
  h: z.int().min(1),
})
export type Place = z.infer<typeof place>

const colours = z.enum(['green', 'orange', 'red', 'blue', 'transparent'])
export type Colour = z.infer<typeof colours>

export const defaultsSchema = z.object({
  unit: z.enum(units),
  /** Every axis begins there. */
  min: z.literal(0),
  decimals: z.int().optional(),
  thresholds: z
    .object({ steps: z.array(z.object({ color: colours, value: z.number().nullable() })).min(1) })
    .optional(),
  /** What stands for a value. */
  mappings: z
    .array(
      z.object({
        type: z.literal('value'),
        options: z.record(z.string(), z.object({ text: z.string() })),
      }),
    )
    .default([]),
  custom: z.object({ stacking: z.object({ mode: z.literal('normal') }).optional() }).default({}),
})
export type Defaults = z.infer<typeof defaultsSchema>

const target = z.object({
  expr: z.string(),
  legendFormat: z.string(),
  /** The least time between two points. */
  interval: z.string().transform(secondsOf).optional(),
})
export type Target = z.infer<typeof target>

const row = z.object({ type: z.literal('row'), title: z.string(), gridPos: place })
const data = z.object({
  type: z.enum(['timeseries', 'stat']),
  title: z.string(),
  gridPos: place,
  fieldConfig: z.object({ defaults: defaultsSchema }),
  targets: z.array(target).min(1),
  options: z.object({ graphMode: z.enum(['area', 'none']).optional() }),
})
/** A panel that asks and shows. */
export type DataPanel = z.infer<typeof data>

/** As much of Grafana's JSON as Beseda's dashboards have; what it does not know, it refuses. */
export const dashboardSchema = z.object({
  title: z.string(),
  panels: z.array(z.discriminatedUnion('type', [row, data])),
})
export type Dashboard = z.infer<typeof dashboardSchema>
