import type { Layers } from './outcome.ts'
import { round } from './show.ts'

export type Line = { name: string; points: [x: number, y: number][] }

const size = { width: 640, height: 200, left: 48, right: 10, bottom: 22, top: 12 }

/** Colours that stay apart on light and dark, in their order. */
const colours = [
  '#5b8def',
  '#2fb587',
  '#e0912f',
  '#d8588f',
  '#8f6de0',
  '#2fa8c9',
  '#c9524f',
  '#8a9a3b',
]
/** The colour of the line or area with this number, from 0. */
export const colourOf = (index: number) => colours[index % colours.length] ?? 'currentColor'

export const escapeHtml = (text: string) =>
  text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** A round number of which about four make the height; `top` is more than 0. */
export function stepOf(top: number): number {
  const power = 10 ** Math.floor(Math.log10(top / 3))
  const step = [1, 2, 5].find((one) => one * power * 4 >= top) ?? 10
  return step * power
}

/** Lines over the seconds of the run, or over what else `unit` says, as inline SVG. */
export function lineChart(title: string, lines: Line[], unit = ' s'): string {
  const points = lines.flatMap((line) => line.points)
  const { x, y, grid } = frameOf(points, unit)
  const paths = lines.map((line, index) => {
    const path = line.points.map(([at, value]) => `${x(at)},${y(value)}`).join(' ')
    return `<polyline points="${path}" fill="none" stroke="${colourOf(index)}" stroke-width="2" stroke-linejoin="round"><title>${escapeHtml(line.name)}</title></polyline>`
  })
  return figure(title, `${grid}${paths.join('\n')}`, legend(lines.map(({ name }) => name)))
}

/** How many pictures came in which width, one on the other, over the seconds of the run. */
export function layersChart(title: string, seconds: { at: number; layers: Layers }[]): string {
  const widths = widthsOf(seconds.map(({ layers }) => layers))
  const sums = seconds.map(({ at, layers }): [number, number] => [
    at,
    widths.reduce((sum, width) => sum + (layers[width] ?? 0), 0),
  ])
  const { x, y, grid } = frameOf(sums, ' s')
  const below = seconds.map(() => 0)
  const areas = widths.map((width, index) => {
    const bottom = seconds.map(({ at }, place) => `${x(at)},${y(below[place] ?? 0)}`)
    const top = seconds.map(({ at, layers }, place) => {
      below[place] = (below[place] ?? 0) + (layers[width] ?? 0)
      return `${x(at)},${y(below[place] ?? 0)}`
    })
    return `<polygon points="${[...top, ...bottom.reverse()].join(' ')}" fill="${colourOf(index)}" opacity=".75"><title>${width} pixels wide</title></polygon>`
  })
  const names = widths.map((width) => `${width} pixels wide`)
  return figure(title, `${grid}${areas.join('\n')}`, legend(names))
}

/** All widths that occur, the smallest first. */
export function widthsOf(layers: readonly Layers[]): string[] {
  return [...new Set(layers.flatMap(Object.keys))].sort((a, b) => Number(a) - Number(b))
}

const spark = { width: 120, height: 24 }

/** A small line without axes, for a row of a table; below it what widths came (`widths`, the smallest first). */
export function sparkline(
  seconds: readonly { kbps: number; layers: Layers }[],
  widths: readonly string[],
): string {
  if (seconds.length < 2) return ''
  const top = Math.max(1, ...seconds.map(({ kbps }) => kbps))
  const x = (index: number) => ((index / (seconds.length - 1)) * spark.width).toFixed(1)
  const y = (kbps: number) => (spark.height - 6 - (kbps / top) * (spark.height - 8)).toFixed(1)
  const path = seconds.map(({ kbps }, index) => `${x(index)},${y(kbps)}`).join(' ')
  const cell = spark.width / seconds.length
  const strip = runsOf(seconds.map(({ layers }) => widths.findLastIndex((width) => layers[width])))
    .filter(({ value }) => value >= 0)
    .map(
      ({ value, from, length }) =>
        `<rect x="${(from * cell).toFixed(1)}" y="${spark.height - 4}" width="${(length * cell).toFixed(1)}" height="4" fill="${colourOf(value)}"/>`,
    )
  return `<svg class="spark" viewBox="0 0 ${spark.width} ${spark.height}" role="img" aria-label="at most ${round(top)} kbit/s"><polyline points="${path}" fill="none" stroke="currentColor" stroke-width="1"/>${strip.join('')}</svg>`
}

/** Equal neighbours together. */
function runsOf(values: readonly number[]): { value: number; from: number; length: number }[] {
  const runs: { value: number; from: number; length: number }[] = []
  for (const [index, value] of values.entries()) {
    const last = runs.at(-1)
    if (last?.value === value) last.length++
    else runs.push({ value, from: index, length: 1 })
  }
  return runs
}

function frameOf(points: readonly [x: number, y: number][], unit: string) {
  const lastX = Math.max(1, ...points.map(([at]) => at))
  const highest = Math.max(1, ...points.map(([, value]) => value))
  const step = stepOf(highest)
  const steps = Math.ceil(highest / step)
  const wide = size.width - size.left - size.right
  const high = size.height - size.bottom - size.top
  const x = (at: number) => (size.left + (at / lastX) * wide).toFixed(1)
  const y = (value: number) =>
    (size.height - size.bottom - (value / (steps * step)) * high).toFixed(1)
  const marks = Array.from({ length: steps + 1 }, (_, index) => {
    const value = Number((index * step).toPrecision(6))
    return `<line x1="${size.left}" x2="${size.width - size.right}" y1="${y(value)}" y2="${y(value)}" stroke="currentColor" opacity="${index === 0 ? 0.5 : 0.12}"/><text x="${size.left - 6}" y="${Number(y(value)) + 4}" text-anchor="end">${value}</text>`
  })
  const end = `<text x="${size.width - size.right}" y="${size.height - 4}" text-anchor="end">${lastX.toFixed(0)}${unit}</text>`
  return { x, y, grid: `${marks.join('')}${end}` }
}

const figure = (title: string, inside: string, below: string) =>
  `<figure><figcaption>${escapeHtml(title)}</figcaption>
<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${escapeHtml(title)}">${inside}</svg>${below}</figure>`

/** More names than these say nothing. */
const namesMax = 12

function legend(names: readonly string[]): string {
  if (names.length < 2 && !names[0]?.includes('pixels')) return ''
  const items = names
    .slice(0, namesMax)
    .map(
      (name, index) =>
        `<span><i style="background:${colourOf(index)}"></i>${escapeHtml(name)}</span>`,
    )
  const rest = names.length > namesMax ? `<span>and ${names.length - namesMax} more</span>` : ''
  return `<p class="legend">${items.join('')}${rest}</p>`
}
