import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { rootDir } from '@beseda/launcher/root'
import { openBrowser } from '../browser.ts'
import { type Dashboard, type DataPanel, dashboardSchema } from './dashboard.ts'
import { QueryError, secondsOf } from './interval.ts'
import { type Answer, insideOf, pageHeight, pageOf, pageWidth } from './page.ts'
import { ask, type Range } from './prometheus.ts'

const usage = `npx pnpm dashboards [flags]

Asks a Prometheus every query of deploy/monitoring/dashboards/, and names those that fail or
bring nothing.

  --prometheus url   which one (http://127.0.0.1:9090)
  --last span        how far back, such as 30m or 6h (1h)
  --until time       the end, such as 2026-05-01T18:00Z (now)
  --pictures folder  draw dashboard-<name>.png in it

Exit code: 0 every query brought something, 1 one did not, 2 it could not be asked.`

const options = {
  prometheus: { type: 'string', default: 'http://127.0.0.1:9090' },
  last: { type: 'string', default: '1h' },
  until: { type: 'string' },
  pictures: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

/** Ask all queries of the dashboards and draw what came. @returns the exit code */
async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({ args: args.filter((arg) => arg !== '--'), options })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const to = (values.until === undefined ? Date.now() : Date.parse(values.until)) / 1000
  if (Number.isNaN(to)) throw new RangeError(`${values.until} is no time such as 2026-05-01T18:00Z`)
  const range = { from: to - secondsOf(values.last), to }
  let troubles = 0
  for (const path of globSync(join(rootDir, 'deploy/monitoring/dashboards/*.json')).sort()) {
    const name = basename(path, '.json')
    const dashboard = dashboardSchema.parse(JSON.parse(await readFile(path, 'utf8')))
    const answers = await askAll(dashboard, values.prometheus, range)
    for (const [{ title }, { trouble }] of answers) {
      for (const text of trouble) console.error(`${name}: ${title}: ${text}`)
      troubles += trouble.length
    }
    if (values.pictures === undefined) continue
    const picture = join(values.pictures, `dashboard-${name}.png`)
    await draw(dashboard, range, answers, picture)
    console.log(picture)
  }
  console.log(troubles === 0 ? 'Every query brought something.' : `Queries without: ${troubles}`)
  return troubles === 0 ? 0 : 1
}

type Answers = Map<DataPanel, Answer>

async function askAll({ panels }: Dashboard, prometheus: string, range: Range): Promise<Answers> {
  const answers: Answers = new Map()
  for (const panel of panels) {
    if (panel.type === 'row') continue
    const answer: Answer = { series: [], trouble: [] }
    for (const target of panel.targets) {
      try {
        const series = await ask(prometheus, target, range, insideOf(panel.gridPos).width)
        const full = series.filter(({ points }) => points.length > 0)
        answer.series.push(...full)
        if (full.length === 0) answer.trouble.push(`no data: ${target.expr}`)
      } catch (error) {
        if (!(error instanceof QueryError)) throw error
        answer.trouble.push(`${error.message}: ${target.expr}`)
      }
    }
    answers.set(panel, answer)
  }
  return answers
}

async function draw(dashboard: Dashboard, range: Range, answers: Answers, path: string) {
  const web = createRequire(join(rootDir, 'web/package.json'))
  const font = web.resolve('@fontsource-variable/inter/files/inter-latin-wght-normal.woff2')
  const answerOf = (panel: DataPanel) => answers.get(panel) ?? { series: [], trouble: [] }
  const html = pageOf(dashboard, range, answerOf, await readFile(font))
  const browser = await openBrowser()
  try {
    const page = await browser.newPage({
      viewport: { width: pageWidth, height: pageHeight(dashboard) },
    })
    await page.setContent(html)
    await page.evaluate(() => document.fonts.ready.then(() => {}))
    await page.screenshot({ path })
  } finally {
    await browser.close()
  }
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  return 2
})
