import type { Outcome, Summary } from './outcome.ts'
import type { Scenario } from './scenario.ts'

/** Timers that are later than this make what was measured here a measure of this process. */
const trustedLagMs = 100

/** So much of a core, or of all, is all of it. */
const fullPercent = 80

/**
 * Why bots were late: because they, server and SFU had all cores of the machine, by the work of one
 * process of theirs alone, or because other processes kept them waiting.
 */
export function whyLate({ processes, cpuPercent }: Outcome, { machine, cores }: Summary) {
  const known = machine.reduce((sum, one) => sum + one.cpuPercent, cpuPercent)
  if (known >= fullPercent * cores) return 'full' as const
  return processes.some((one) => one.cpuPercent >= fullPercent)
    ? ('own' as const)
    : ('others' as const)
}

export type Check = {
  what: string
  /** Null when nothing was there to be measured, which breaks the threshold too. */
  value: number | null
  limit: number
  unit: 'ms' | '%' | ''
  kept: boolean
}

export type Verdict = {
  passed: boolean
  checks: Check[]
  /** One line when the bots themselves were too slow to be believed. */
  distrust: string | null
}

/** Hold what came out against the scenario's thresholds. */
export function judge(scenario: Scenario, summary: Summary, outcome: Outcome): Verdict {
  const { thresholds } = scenario
  const check = (
    what: string,
    value: number | null,
    limit: number,
    unit: Check['unit'] = 'ms',
  ): Check => ({ what, value, limit, unit, kept: value !== null && value <= limit })
  const checks = [check('failures', summary.failures, thresholds.failures, '')]
  const together = scenario.calls.some(({ participants }) => participants > 1)
  if (together) {
    const media = summary.mediaMs?.p95 ?? null
    const { answerMs, frameMs, frozenPercent, lossPercent, jitterP95Ms, soundGapMs } = summary
    checks.push(
      check('join to media, p95', media, thresholds.joinP95Ms),
      check('loss', lossPercent, thresholds.lossPercent, '%'),
      check('jitter, p95', jitterP95Ms, thresholds.jitterP95Ms),
      check('longest hole in sound', soundGapMs, thresholds.audioGapMs),
    )
    if (answerMs) checks.push(check('ring to media, p95', answerMs.p95, thresholds.answerP95Ms))
    const pictures = scenario.calls.some((calls) => calls.video !== 0 || calls.screen !== 0)
    if (pictures) {
      checks.push(
        check('join to first frame, p95', frameMs?.p95 ?? null, thresholds.frameP95Ms),
        check('pictures frozen', frozenPercent, thresholds.frozenPercent, '%'),
      )
    }
  }
  if (scenario.chat && scenario.chat.members > 1) {
    const delivery = summary.messageMs?.p95 ?? null
    checks.push(
      check('message delivery, p95', delivery, thresholds.messageP95Ms),
      check('messages lost', outcome.messages.lost, 0, ''),
    )
  }
  const distrust = distrustOf(summary, outcome)
  return { passed: distrust === null && checks.every(({ kept }) => kept), checks, distrust }
}

const advice = {
  own: 'Use fewer bots, more processes where there are cores for them, or another machine.',
  full: 'They, server and SFU had all cores of this machine: use fewer bots, or another machine for them.',
  others: 'Other processes of this machine kept them waiting.',
}

function distrustOf(summary: Summary, outcome: Outcome): string | null {
  const { processes, lagMs, cpuPercent } = outcome
  const ended = processes.filter((one) => one.ended !== null)
  if (ended.length > 0) {
    const bots = ended.reduce((sum, one) => sum + one.bots, 0)
    return `Not to be trusted: of ${processes.length} processes of the bots ${ended.length} ended before their time (${ended[0]?.ended}), and ${bots} bots with them.`
  }
  if (lagMs <= trustedLagMs) return null
  return `Not to be trusted: the bots themselves were ${Math.round(lagMs)} ms late (p99; ${trustedLagMs} ms is the most) and used ${Math.round(cpuPercent)} % of a core. ${advice[whyLate(outcome, summary)]}`
}
