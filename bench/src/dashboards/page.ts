import { escapeHtml } from '@beseda/bots/charts'
import { background, paint, type Size, timeChart } from './chart.ts'
import type { Dashboard, DataPanel, Defaults, Place } from './dashboard.ts'
import type { Range, Series } from './prometheus.ts'
import { formatValue } from './units.ts'

/** What a panel's queries brought, or why they did not. */
export type Answer = { series: Series[]; trouble: string[] }

export const pageWidth = 1_600
const margin = 16
const gap = 8
const cell = 30
const titleHeight = 32
const padding = 10
const headHeight = 56

/** Pixels of a panel's inside, its title apart. */
export function insideOf({ w, h }: Place): Size {
  const { width, height } = sizeOf({ w, h })
  return { width: width - 2 * padding, height: height - titleHeight - padding }
}

const column = (pageWidth - 2 * margin + gap) / 24

const sizeOf = ({ w, h }: Pick<Place, 'w' | 'h'>): Size => ({
  width: w * column - gap,
  height: h * (cell + gap) - gap,
})

/** Pixels of the whole page. */
export function pageHeight({ panels }: Dashboard): number {
  const rows = Math.max(...panels.map(({ gridPos }) => gridPos.y + gridPos.h))
  return headHeight + rows * (cell + gap) + margin
}

/**
 * A dashboard as one HTML page that needs nothing else, its panels at their places in Grafana's
 * grid. `font` is a WOFF2 of the letters.
 */
export function pageOf(
  dashboard: Dashboard,
  range: Range,
  answerOf: (panel: DataPanel) => Answer,
  font: Buffer,
): string {
  const panels = dashboard.panels.map((panel) => {
    const { x, y, w, h } = panel.gridPos
    const { width, height } = sizeOf({ w, h })
    const at = `left:${margin + x * column}px;top:${headHeight + y * (cell + gap)}px;width:${width}px;height:${height}px`
    const title = escapeHtml(panel.title)
    if (panel.type === 'row') return `<h2 style="${at}">${title}</h2>`
    return `<section class="${panel.type}" style="${at}"><h3>${title}</h3>${inside(panel, answerOf(panel), range)}</section>`
  })
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${escapeHtml(dashboard.title)}</title>
<style>@font-face { font-family: letters; font-weight: 100 900; src: url(data:font/woff2;base64,${font.toString('base64')}); }
${style}</style>
<header><h1>${escapeHtml(dashboard.title)}</h1><p>${timeOf(range.from)} – ${timeOf(range.to)} UTC</p></header>
${panels.join('\n')}
</html>
`
}

const timeOf = (at: number) => new Date(at * 1000).toISOString().slice(0, 16).replace('T', ' ')

function inside(panel: DataPanel, { series, trouble }: Answer, range: Range): string {
  if (trouble.length > 0) return `<p class="trouble">${escapeHtml(trouble.join('\n'))}</p>`
  const size = insideOf(panel.gridPos)
  const { defaults } = panel.fieldConfig
  if (panel.type === 'timeseries') return timeChart(series, defaults, range, size)
  const width = size.width / series.length
  const height = size.height * 0.45
  const figures = series.map((one) => {
    const last = one.points.at(-1)?.[1] ?? 0
    const colour = colourFor(last, defaults)
    const graph =
      panel.options.graphMode === 'area' ? background(one, colour, range, { width, height }) : ''
    const name = series.length > 1 ? `<span>${escapeHtml(one.name)}</span>` : ''
    return `<div style="color:${colour}">${name}<b>${escapeHtml(textOf(last, defaults))}</b>${graph}</div>`
  })
  return `<div class="figures">${figures.join('')}</div>`
}

/** Of the highest threshold that a value has reached. */
export function colourFor(value: number, { thresholds }: Defaults): string {
  const step = thresholds?.steps.findLast((each) => each.value === null || value >= each.value)
  return paint[step?.color ?? 'green']
}

/** What a big number says. */
export function textOf(value: number, { unit, decimals, mappings }: Defaults): string {
  const mapped = mappings.map(({ options }) => options[String(value)]?.text)
  return mapped.find((text) => text !== undefined) ?? formatValue(unit, value, decimals)
}

const style = `
* { box-sizing: border-box; margin: 0; }
body { background: #111217; color: #ccccdc; font: 12px/18px letters, sans-serif; }
header { position: absolute; left: ${margin}px; right: ${margin}px; height: ${headHeight}px; display: flex; justify-content: space-between; align-items: center; }
h1 { font-size: 18px; font-weight: 500; } header p { font-size: 13px; opacity: .75; }
h2 { position: absolute; font-size: 16px; font-weight: 500; line-height: ${cell}px; } h2::before { content: '⌄'; margin: 0 8px 0 4px; opacity: .6; position: relative; top: -3px; }
section { position: absolute; background: #181b1f; border: 1px solid #ccccdc1f; border-radius: 2px; padding: 0 ${padding - 1}px ${padding - 1}px; overflow: hidden; }
h3 { font-size: 14px; font-weight: 500; line-height: ${titleHeight - 1}px; white-space: nowrap; }
svg { display: block; } text { fill: #ccccdc; opacity: .75; font-size: 12px; }
.grid { stroke: #f0faff; stroke-opacity: .09; }
.legend { display: flex; flex-wrap: wrap; gap: 0 16px; margin-top: 6px; overflow: hidden; }
.legend i { display: inline-block; width: 14px; height: 4px; border-radius: 2px; margin-right: 6px; vertical-align: 3px; }
.figures { display: flex; height: calc(100% - ${titleHeight}px); }
.figures div { flex: 1; position: relative; text-align: center; } .figures span { display: block; color: #ccccdc; font-size: 14px; }
.figures b { display: block; font-size: 30px; line-height: 40px; font-weight: 500; }
.figures svg { position: absolute; bottom: 0; left: 0; }
.trouble { color: #ff9830; white-space: pre-wrap; }
`
