import { readFile, writeFile } from 'node:fs/promises'
import { makeLightEngine } from './engines/light.ts'
import { RunError } from './failure.ts'
import { type Flags, readFlags, usage } from './flags.ts'
import { type Outcome, summarise } from './outcome.ts'
import { reportOf } from './report.ts'
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
  const screen = makeScreen(process.stdout)
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort(new RunError('Stopped before anything was measured.')))
  const engine = makeLightEngine()
  try {
    const outcome = await run(scenario, engine, screen, stop.signal)
    return await tell(scenario, outcome, flags)
  } finally {
    engine.close()
  }
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
  const all = { scenario: { ...scenario, accounts: undefined }, verdict, summary, outcome }
  if (flags.json) await writeFile(flags.json, `${JSON.stringify(all, null, 2)}\n`)
  if (flags.report) await writeFile(flags.report, reportOf(summary, verdict, outcome))
  return verdict.passed ? 0 : exit.broken
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof RunError || error instanceof ScenarioError)) throw error
  console.error(error.message)
  process.exitCode = exit.impossible
}
process.exit()
