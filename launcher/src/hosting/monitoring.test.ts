import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { findProgram } from '../programs.ts'
import { rootDir } from '../root.ts'
import { run } from '../run.ts'

const folder = join(rootDir, 'deploy/monitoring')
const read = (path: string) => readFileSync(join(folder, path), 'utf8')

/** What docs/metrics.md lists, which a test of the server and one of the SFU hold against the code. */
const own = new Set(
  [
    ...readFileSync(join(rootDir, 'docs/metrics.md'), 'utf8').matchAll(
      /^\| `((?:beseda|sfu)_\w+)` \|/gm,
    ),
  ].map(([, name = '']) => name),
)
/** Of any Node process. */
const common = [
  'nodejs_eventloop_lag_p99_seconds',
  'process_cpu_seconds_total',
  'process_open_fds',
  'process_resident_memory_bytes',
]

const alerts = z
  .object({
    groups: z.array(
      z.object({
        rules: z.array(
          z.object({
            alert: z.string(),
            expr: z.string(),
            for: z.string(),
            labels: z.object({ severity: z.enum(['critical', 'warning']) }),
            annotations: z.object({ summary: z.string() }),
          }),
        ),
      }),
    ),
  })
  .parse(parse(read('alerts.yml')))
  .groups.flatMap(({ rules }) => rules)

const dashboards = globSync('dashboards/*.json', { cwd: folder }).map((path) => ({
  name: basename(path),
  panels: z
    .object({
      uid: z.string(),
      panels: z.array(
        z.object({
          id: z.number(),
          title: z.string(),
          type: z.string(),
          datasource: z.object({ uid: z.string() }).optional(),
          gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
          targets: z.array(z.object({ expr: z.string() })).default([]),
        }),
      ),
    })
    .parse(JSON.parse(read(path))).panels,
}))

const expressions = [
  ...alerts.map(({ alert, expr }) => [alert, expr] as const),
  ...dashboards.flatMap(({ name, panels }) =>
    panels.flatMap(({ title, targets }) =>
      targets.map(({ expr }) => [`${name}: ${title}`, expr] as const),
    ),
  ),
]

test.each(expressions)('%s asks for metrics that there are', (_, expr) => {
  const asked = [...expr.matchAll(/\b(?:beseda|sfu|nodejs|process)_\w+/g)].map(([name]) =>
    name.replace(/_(bucket|sum|count)$/, ''),
  )
  const ofPrometheus = /\b(up|ALERTS)\{/.exec(expr)?.slice(1) ?? []
  expect([...asked, ...ofPrometheus]).not.toEqual([])
  for (const name of asked) expect([...own, ...common], name).toContain(name)
})

test('every own metric is on a dashboard', () => {
  const shown = dashboards.flatMap(({ panels }) =>
    panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  )
  expect([...own].filter((name) => !shown.some((expr) => expr.includes(name)))).toEqual([])
})

test('panels have their own ids and places, a query and the data source that is provisioned', () => {
  const { datasources } = z
    .object({ datasources: z.array(z.object({ uid: z.string() })) })
    .parse(parse(read('grafana/datasources/prometheus.yml')))
  for (const { panels } of dashboards) {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)}:${y + Math.floor(cell / w)}`),
    )
    expect(new Set(cells).size, 'panels lie on each other').toBe(cells.length)
    for (const { type, title, gridPos, datasource, targets } of panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24)
      if (type === 'row') continue
      expect(datasource?.uid, title).toBe(datasources[0]?.uid)
      expect(targets, title).not.toEqual([])
    }
  }
})

test('Grafana knows how often Prometheus asks', () => {
  const { global } = z
    .object({ global: z.object({ scrape_interval: z.string() }) })
    .parse(parse(read('prometheus.yml')))
  const { datasources } = z
    .object({
      datasources: z.array(z.object({ jsonData: z.object({ timeInterval: z.string() }) })),
    })
    .parse(parse(read('grafana/datasources/prometheus.yml')))
  expect(datasources[0]?.jsonData.timeInterval).toBe(global.scrape_interval)
})

test('Prometheus asks where docker-compose.yml has the metrics', () => {
  const { scrape_configs } = z
    .object({
      scrape_configs: z.array(
        z.object({ static_configs: z.array(z.object({ targets: z.array(z.string()) })) }),
      ),
    })
    .parse(parse(read('prometheus.yml')))
  const targets = scrape_configs.flatMap(({ static_configs }) =>
    static_configs.flatMap(({ targets: each }) => each),
  )
  const { services } = z
    .object({
      services: z.record(z.string(), z.object({ environment: z.looseObject({}).optional() })),
    })
    .parse(parse(readFileSync(join(rootDir, 'docker-compose.yml'), 'utf8'), { merge: true }))
  expect(targets).toEqual([
    `server:${services.server?.environment?.METRICS_PORT}`,
    `sfu:${services.sfu?.environment?.SFU_METRICS_PORT}`,
  ])
})

const promtool = findProgram(['promtool'], process.env)

test.runIf(promtool)('promtool finds nothing wrong', async () => {
  const { code, tail } = await run(promtool ?? '', ['check', 'config', 'prometheus.yml'], {
    cwd: folder,
  })
  expect(tail).toContain(`SUCCESS: ${alerts.length} rules found`)
  expect(code).toBe(0)
})

test.runIf(promtool)('each alert fires when it should, and resolves', async () => {
  const { code, tail } = await run(promtool ?? '', ['test', 'rules', 'alerts.test.yml'], {
    cwd: folder,
  })
  expect(code, tail).toBe(0)
})

test('each alert has its test', () => {
  const tests = read('alerts.test.yml')
  expect(alerts.filter(({ alert }) => !tests.includes(`alertname: ${alert}\n`))).toEqual([])
})
