import { colourOf, escapeHtml } from '@beseda/bots/charts'
import type { Colour, Defaults } from './dashboard.ts'
import type { Range, Series } from './prometheus.ts'
import { marksOf } from './units.ts'

/** Pixels. */
export type Size = { width: number; height: number }

/** Grafana's colours by their names. */
export const paint: Record<Colour, string> = {
  green: '#73bf69',
  orange: '#ff9830',
  red: '#f2495c',
  blue: '#5794f2',
  transparent: 'none',
}

/** Of a letter of an axis or a legend, about. */
const letter = 7
const below = 26
const above = 8
const right = 8

/** A panel of lines over time, as inline SVG with its legend below. */
export function timeChart(
  series: Series[],
  defaults: Defaults,
  range: Range,
  { width, height }: Size,
): string {
  const names = series.map(({ name }) => name)
  const rows = legendRows(names, width)
  const size = { width, height: height - rows * 18 - 6 }
  const drawn = defaults.custom.stacking ? stacked(series) : series
  const top = Math.max(0, ...drawn.flatMap(({ points }) => points.map(([, value]) => value)))
  const marks = marksOf(defaults.unit, top || 1, defaults.decimals === 0)
  const left = Math.max(3, ...marks.map(({ text }) => text.length)) * letter + 10
  const highest = marks.at(-1)?.at ?? 1
  const x = (at: number) =>
    left + ((at - range.from) / (range.to - range.from)) * (size.width - left - right)
  const y = (value: number) =>
    size.height - below - (value / highest) * (size.height - below - above)
  const lines = drawn.map((one, index) =>
    runsOf(one).map((run) =>
      lineOf(run, colourOf(index), x, y, defaults.custom.stacking ? 0.3 : 0.1),
    ),
  )
  const inside = [
    ...marks.map(({ at, text }) => horizontal(left, size.width - right, y(at), text)),
    ...timeMarks(range, size.width - left).map(({ at, text }) => vertical(x(at), size, text)),
    // The upper areas of a stack lie behind the lower.
    ...(defaults.custom.stacking ? lines.toReversed() : lines).flat(),
    ...limits(defaults, highest).map(
      ({ at, color }) =>
        `<line x1="${left}" x2="${size.width - right}" y1="${y(at)}" y2="${y(at)}" stroke="${paint[color]}" stroke-dasharray="8 8"/>`,
    ),
  ]
  return `${svg(size, inside.join(''))}<p class="legend" style="height:${rows * 18}px">${legend(names)}</p>`
}

/** A line without axes that fills its place, for the background of a big number. */
export function background({ points }: Series, colour: string, range: Range, size: Size): string {
  const top = Math.max(0, ...points.map(([, value]) => value)) || 1
  const x = (at: number) => ((at - range.from) / (range.to - range.from)) * size.width
  const y = (value: number) => size.height - (value / top) * (size.height - 2)
  return svg(size, lineOf(points, colour, x, y, 0.2))
}

const svg = ({ width, height }: Size, inside: string) =>
  `<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${inside}</svg>`

const horizontal = (from: number, to: number, y: number, text: string) =>
  `<line class="grid" x1="${from}" x2="${to}" y1="${y}" y2="${y}"/><text x="${from - 6}" y="${y + 4}" text-anchor="end">${text}</text>`

const vertical = (x: number, { height }: Size, text: string) =>
  `<line class="grid" x1="${x}" x2="${x}" y1="${above}" y2="${height - below}"/><text x="${x}" y="${height - 5}" text-anchor="middle">${text}</text>`

/** Thresholds that lie within the scale. */
function limits({ thresholds }: Defaults, highest: number): { at: number; color: Colour }[] {
  const steps = thresholds?.steps ?? []
  return steps.flatMap(({ value, color }) =>
    value === null || value > highest ? [] : [{ at: value, color }],
  )
}

type Points = Series['points']

/** The points of a series, apart where some are missing. */
export function runsOf({ points, step }: Series): Points[] {
  const runs: Points[] = []
  let last = Number.NEGATIVE_INFINITY
  for (const point of points) {
    const run = runs.at(-1)
    if (run && point[0] - last < step * 1.5) run.push(point)
    else runs.push([point])
    last = point[0]
  }
  return runs
}

/** Each series on those before it. */
export function stacked(series: Series[]): Series[] {
  const sums = new Map<number, number>()
  return series.map((one) => ({
    ...one,
    points: one.points.map(([at, value]) => {
      const sum = (sums.get(at) ?? 0) + value
      sums.set(at, sum)
      return [at, sum]
    }),
  }))
}

function lineOf(
  points: Points,
  colour: string,
  x: (at: number) => number,
  y: (value: number) => number,
  fill: number,
): string {
  const [first, ...others] = points.map(
    ([at, value]) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`,
  )
  const last = points.at(-1)
  if (first === undefined || last === undefined) return ''
  if (others.length === 0) {
    const [cx, cy] = first.split(',')
    return `<circle cx="${cx}" cy="${cy}" r="2" fill="${colour}"/>`
  }
  const line = `M${first}L${others.join(' ')}`
  const ground = y(0).toFixed(1)
  return `<path d="${line}L${x(last[0]).toFixed(1)},${ground}L${first.split(',')[0]},${ground}Z" fill="${colour}" fill-opacity="${fill}"/><path d="${line}" fill="none" stroke="${colour}" stroke-width="1.5" stroke-linejoin="round"/>`
}

const day = 86_400
const withinDay = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720].map((minutes) => minutes * 60)

/** Round times of the day, or days, in UTC, 70 pixels apart at least. */
export function timeMarks({ from, to }: Range, pixels: number): { at: number; text: string }[] {
  const least = ((to - from) / pixels) * 70
  const step = withinDay.find((each) => each >= least) ?? Math.ceil(least / day) * day
  const first = Math.ceil(from / step) * step
  const count = Math.max(0, Math.floor((to - first) / step) + 1)
  return Array.from({ length: count }, (_, index) => {
    const at = first + index * step
    const text = new Date(at * 1000).toISOString()
    return { at, text: step < day ? text.slice(11, 16) : text.slice(5, 10) }
  })
}

const legend = (names: string[]) =>
  names
    .map(
      (name, index) =>
        `<span><i style="background:${colourOf(index)}"></i>${escapeHtml(name)}</span>`,
    )
    .join('')

/** As many as the names need, and no more than four; the rest is hidden. */
function legendRows(names: string[], width: number): number {
  let rows = 1
  let used = 0
  for (const name of names) {
    const wide = name.length * letter + 34
    if (used > 0 && used + wide > width) {
      rows++
      used = 0
    }
    used += wide
  }
  return Math.min(rows, 4)
}
