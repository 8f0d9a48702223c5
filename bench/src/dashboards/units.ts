import { stepOf } from '@beseda/bots/charts'

/** Names by factor, the smallest first; what is smaller than the first still has its name. */
type Scale = [factor: number, name: string][]

const thousands = (...names: string[]): Scale => names.map((name, index) => [1000 ** index, name])

/** Grafana's units, as far as the dashboards have them. */
const scales = {
  none: [[1, '']],
  percentunit: [[0.01, '%']],
  s: [
    [1e-6, ' µs'],
    [1e-3, ' ms'],
    [1, ' s'],
    [60, ' min'],
  ],
  bps: thousands(' b/s', ' kb/s', ' Mb/s', ' Gb/s'),
  reqps: thousands(' req/s', 'K req/s'),
  bytes: [' B', ' KiB', ' MiB', ' GiB'].map((name, index) => [1024 ** index, name]),
} satisfies Record<string, Scale>

export type Unit = keyof typeof scales
export const units = Object.keys(scales) as [Unit, ...Unit[]]

function scaleOf(unit: Unit, value: number): Scale[number] {
  const all: Scale = scales[unit]
  const fitting = all.findLast(([factor]) => Math.abs(value) >= factor * (1 - 1e-9))
  return fitting ?? (value === 0 ? all.find(([factor]) => factor === 1) : undefined) ?? first(all)
}

const first = (scale: Scale): Scale[number] => scale[0] ?? [1, '']

/** A value with its unit, in three digits where `decimals` are not said. */
export function formatValue(unit: Unit, value: number, decimals?: number): string {
  const [factor, name] = scaleOf(unit, value)
  const scaled = value / factor
  if (decimals !== undefined) return `${scaled.toFixed(decimals)}${name}`
  const digits = scaled === 0 ? 0 : 2 - Math.floor(Math.log10(Math.abs(scaled)))
  return `${Number(scaled.toFixed(Math.min(Math.max(digits, 0), 6)))}${name}`
}

/** Marks of an axis from 0 to `top` or a little more, round in their unit, each with its text. */
export function marksOf(unit: Unit, top: number, whole = false): { at: number; text: string }[] {
  const [factor] = scaleOf(unit, top)
  const step = Math.max(stepOf(top / factor) * factor, whole ? 1 : 0)
  const count = Math.ceil(top / step - 1e-9)
  return Array.from({ length: count + 1 }, (_, index) => {
    const at = step * index
    return { at, text: formatValue(unit, at) }
  })
}
