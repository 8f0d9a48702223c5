import { readFile, writeFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import {
  cardLines,
  cardOf,
  limitOf,
  loadInWords,
  nextLoad,
  type Raised,
  rangeOf,
  type Step,
  withLoad,
} from './capacity.ts'
import { RunError } from './failure.ts'
import { type Flags, readFlags, usage } from './flags.ts'
import { type Outcome, summarise } from './outcome.ts'
import { capacityReportOf, reportOf } from './report.ts'
import { run } from './run.ts'
import { checkScenario, readScenario, type Scenario, ScenarioError } from './scenario.ts'
import { makeScreen, verdictLines } from './show.ts'
import { judge } from './verdict.ts'

/** Exit codes besides 0, which says that all thresholds were kept. */
const exit = { broken: 1, impossible: 2 }

/** `npx pnpm bots`: read the scenario, run it, tell what came of it. @returns the exit code */
async function main(args: string[]): Promise<number> {
  const flags = readFlags(args)
  if (flags.help) {
    console.log(usage)
    return 0
  }
  const scenario = await loadScenario(flags)
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort(new RunError('Stopped before anything was measured.')))
  const perform = (what: Scenario) => run(what, makeScreen(process.stdout), stop.signal)
  if (flags.capacity) return await findCapacity(scenario, flags.capacity, flags, perform)
  return await tell(scenario, await perform(scenario), flags)
}

/** Between two steps: what the last one left is cleared away. */
const restMs = 2_000

async function findCapacity(
  scenario: Scenario,
  raised: Raised,
  flags: Flags,
  perform: (scenario: Scenario) => Promise<Outcome>,
): Promise<number> {
  const range = rangeOf(scenario, raised)
  const steps: Step[] = []
  for (let load = nextLoad(steps, range); load !== null; load = nextLoad(steps, range)) {
    if (steps.length > 0) await pause(restMs)
    const name = loadInWords(scenario, raised, load)
    console.log(`\n${name}:`)
    const current = withLoad(scenario, raised, load)
    const outcome = await perform(current)
    const summary = summarise(outcome)
    const verdict = judge(current, summary, outcome)
    const limit = limitOf(verdict, summary, outcome)
    console.log(`\n${name}: ${limit === null ? 'held' : `too much: ${limit}`}`)
    steps.push({ load, limit, summary, verdict, outcome })
  }
  const card = cardOf(scenario, raised, steps)
  console.log(`\n${cardLines(card, scenario).join('\n')}`)
  if (flags.json) {
    await writeJson(flags.json, { scenario: withoutAccounts(scenario), card, steps })
  }
  if (flags.report) await writeFile(flags.report, capacityReportOf(card, scenario, steps))
  return card.load > 0 ? 0 : exit.broken
}

async function loadScenario({ file, scenario }: Flags): Promise<Scenario> {
  if (file === undefined) return checkScenario(scenario, '')
  const text = await readFile(file, 'utf8').catch(() => {
    throw new ScenarioError(`${file}: can't be read`)
  })
  const written = readScenario(text, file)
  const both = isObject(written) ? { ...written, ...scenario } : written
  return checkScenario(both, file)
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

async function tell(scenario: Scenario, outcome: Outcome, flags: Flags): Promise<number> {
  const summary = summarise(outcome)
  const verdict = judge(scenario, summary, outcome)
  console.log(`\n${verdictLines(summary, verdict, outcome).join('\n')}`)
  const all = { scenario: withoutAccounts(scenario), verdict, summary, outcome }
  if (flags.json) await writeJson(flags.json, all)
  if (flags.report) await writeFile(flags.report, reportOf(summary, verdict, outcome))
  return verdict.passed ? 0 : exit.broken
}

const withoutAccounts = (scenario: Scenario) => ({ ...scenario, accounts: undefined })

const writeJson = (path: string, value: unknown) =>
  writeFile(path, `${JSON.stringify(value, null, 2)}\n`)

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof RunError || error instanceof ScenarioError)) throw error
  console.error(error.message)
  process.exitCode = exit.impossible
}
process.exit()
