import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { rootDir } from '@beseda/launcher/root'
import { expect, test } from 'vitest'
import { runsOf, stacked, timeMarks } from './chart.ts'
import { dashboardSchema, defaultsSchema } from './dashboard.ts'
import { colourFor, pageOf, textOf } from './page.ts'
import type { Series } from './prometheus.ts'

const range = { from: 1_000, to: 1_060 }
const series = (name: string, ...values: (number | null)[]): Series => ({
  name,
  step: 15,
  points: values.flatMap((value, index): Series['points'] =>
    value === null ? [] : [[range.from + 15 * index, value]],
  ),
})
const values = (all: Series[]) => all.map(({ points }) => points.map(([, value]) => value))

const dashboards = globSync('deploy/monitoring/dashboards/*.json', { cwd: rootDir })

test.each(dashboards)('%s can be drawn, each panel with its title and what came', (path) => {
  const dashboard = dashboardSchema.parse(JSON.parse(readFileSync(join(rootDir, path), 'utf8')))
  const answer = { series: [series('<b>', 1, 2, null, 0), series('alone', null, 3)], trouble: [] }
  const html = pageOf(dashboard, range, () => answer, Buffer.alloc(0))
  for (const { title } of dashboard.panels) expect(html).toContain(`>${title}</h`)
  expect(html).toContain('&#60;b&#62;')
  expect(html).not.toMatch(/NaN|undefined|<b><\/b>/)
})

test('a panel whose query brought nothing says so', () => {
  const [path = ''] = dashboards
  const dashboard = dashboardSchema.parse(JSON.parse(readFileSync(join(rootDir, path), 'utf8')))
  const html = pageOf(
    dashboard,
    range,
    () => ({ series: [], trouble: ['no data: up'] }),
    Buffer.alloc(0),
  )
  expect(html).toContain('no data: up')
})

test('a line has a gap where points are missing', () => {
  expect(runsOf(series('a', 1, 2, null, 3)).map((run) => run.length)).toEqual([2, 1])
})

test('times are marked at round ones, days where it is about many', () => {
  const texts = (from: string, to: string) => {
    const times = { from: Date.parse(from) / 1000, to: Date.parse(to) / 1000 }
    return timeMarks(times, 450).map(({ text }) => text)
  }
  expect(texts('2026-05-01T17:58Z', '2026-05-01T18:18Z')).toEqual([
    '18:00',
    '18:05',
    '18:10',
    '18:15',
  ])
  expect(texts('2026-05-01T12:00Z', '2026-05-11T12:00Z')).toEqual([
    '05-03',
    '05-05',
    '05-07',
    '05-09',
    '05-11',
  ])
})

test('a stack is the sum of what is below, moment by moment', () => {
  expect(values(stacked([series('a', 1, null, 1), series('b', 2, 2, 2)]))).toEqual([
    [1, 1],
    [3, 2, 3],
  ])
})

test('a big number has the colour of the threshold that it has reached', () => {
  const defaults = defaultsSchema.parse({
    unit: 'percentunit',
    min: 0,
    thresholds: {
      steps: [
        { color: 'green', value: null },
        { color: 'red', value: 0.05 },
      ],
    },
    mappings: [{ type: 'value', options: { 1: { text: 'all' } } }],
  })
  const red = colourFor(0.05, defaults)
  expect(colourFor(0.049, defaults)).not.toBe(red)
  expect(colourFor(1, defaults)).toBe(red)
  expect([textOf(1, defaults), textOf(0.5, defaults)]).toEqual(['all', '50%'])
})
