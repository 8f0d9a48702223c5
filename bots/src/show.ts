import type { Usage } from './machine.ts'
import type { Loss, MachineSummary, Outcome, Sample, Spread, Summary } from './outcome.ts'
import type { Watcher } from './run.ts'
import type { Verdict } from './verdict.ts'

export const tableHead =
  '   time  joined  failed     received    loss   jitter  freezes     lag  join to media  bots / server / SFU / workers'

/** One line of the live table. */
export function tableLine(sample: Sample): string {
  const { at, joined, failures, kbps, lossPercent, jitterMs, freezes, lagMs } = sample
  return [
    `${at.toFixed(0)} s`.padStart(7),
    String(joined).padStart(6),
    String(failures).padStart(6),
    `${(kbps / 1000).toFixed(1)} Mbit/s`.padStart(11),
    `${lossPercent.toFixed(1)} %`.padStart(6),
    `${jitterMs.toFixed(1)} ms`.padStart(7),
    String(freezes).padStart(7),
    `${lagMs.toFixed(0)} ms`.padStart(6),
    (sample.mediaMs === null ? '–' : `${sample.mediaMs.toFixed(0)} ms`).padStart(13),
    machineCell(sample).padStart(29),
  ].join('  ')
}

/** Percent of a core that each kind of process takes; a dash where none is seen on this machine. */
function machineCell({ machine, processes }: Sample): string {
  const own = processes.reduce((sum, one) => sum + (one?.cpuPercent ?? 0), 0)
  const kinds = [/^server/, /^SFU( \d+)?$/, /^SFU worker/].map((kind) =>
    machine.filter(({ name }) => kind.test(name)),
  )
  const percent = (usages: Usage[]) =>
    usages.length === 0
      ? '–'
      : `${usages.reduce((sum, { cpuPercent }) => sum + cpuPercent, 0).toFixed(0)} %`
  return [`${own.toFixed(0)} %`, ...kinds.map(percent)].join(' / ')
}

/** What came of it, as lines. */
export function verdictLines(summary: Summary, verdict: Verdict, outcome: Outcome): string[] {
  const times = (what: string, spread: Spread | null) =>
    spread === null
      ? []
      : [`  ${what.padEnd(24)}${[spread.p50, spread.p95, spread.p99].map(ms).join('')}`]
  const checks = verdict.checks.map(({ what, value, limit, unit, kept }) => {
    const got = value === null ? 'nothing' : `${round(value)} ${unit}`.trim()
    const most = `${limit} ${unit}`.trim()
    return `  ${kept ? 'ok    ' : 'BROKEN'}  ${what.padEnd(24)}${got.padStart(12)}  at most ${most}`
  })
  const failures = outcome.failures.map(({ what, times }) => `  ${times} × ${what}`)
  const spreads = [
    ...times('join', summary.joinMs),
    ...times('join to media', summary.mediaMs),
    ...times('join to first frame', summary.frameMs),
    ...times('start to ringing', summary.ringMs),
    ...times('ring to media', summary.answerMs),
    ...times('message delivery', summary.messageMs),
  ]
  return [
    `${outcome.bots.length} bots, ${summary.joins} joins, ${summary.packets} packets, ${summary.frames} frames (${summary.keyFrames} key frames, ${summary.freezes} freezes), ${summary.switches} changes of size; the bots used ${Math.round(outcome.cpuPercent)} % of a core${inProcesses(outcome)}.`,
    ...(spreads.length === 0
      ? []
      : [`  ${''.padEnd(24)}${['p50', 'p95', 'p99'].map((p) => p.padStart(11)).join('')}`]),
    ...spreads,
    ...lossLine('sound', summary.sound),
    ...lossLine('pictures', summary.pictures),
    ...machineLines(summary.machine),
    ...checks,
    ...(failures.length === 0 ? [] : ['What failed:', ...failures]),
    ...(verdict.distrust === null ? [] : [verdict.distrust]),
    verdict.passed ? 'Passed.' : 'Not passed.',
  ]
}

/** Nothing where all came at once. */
const lossLine = (what: string, { firstPercent, repairedPercent, lostPercent }: Loss) =>
  firstPercent === 0
    ? []
    : [
        `  packets of ${what.padEnd(13)}${round(firstPercent)} % did not come at first: ${round(repairedPercent)} % came when asked for again, ${round(lostPercent)} % never or too late`,
      ]

/** How many processes the bots were in, where there was more than one, and what the busiest took. */
function inProcesses({ processes }: Outcome): string {
  if (processes.length === 1) return ''
  const most = Math.max(...processes.map(({ cpuPercent }) => cpuPercent))
  return ` in ${processes.length} processes, the busiest ${Math.round(most)} %`
}

function machineLines(machine: readonly MachineSummary[]): string[] {
  if (machine.length === 0) return ['  server and SFU: not on this machine, or of another user']
  return machine.map(({ name, cpuPercent, cpuMaxPercent, memoryMaxMb }) => {
    const cpu = `${cpuPercent.toFixed(0)} % of a core, at most ${cpuMaxPercent.toFixed(0)} %`
    return `  ${name.padEnd(24)}${cpu}, ${memoryMaxMb.toFixed(0)} MB`
  })
}

const ms = (value: number) => `${round(value)} ms`.padStart(11)
/** A figure with as many digits as it deserves. */
export function round(value: number): string {
  if (Number.isInteger(value)) return String(value)
  return value < 10 ? value.toFixed(2) : value.toFixed(0)
}

type Out = { isTTY?: boolean | undefined; write(text: string): unknown }

/** Shows a run while it goes on: on a terminal in place, else a line every ten seconds. */
export function makeScreen(out: Out): Watcher {
  let begun = false
  return {
    onSignedIn(count, of) {
      const line = `${count} of ${of} bots are signed in`
      if (out.isTTY) out.write(`\r\x1b[K${line}${count === of ? '\n' : ''}`)
      else if (count === of) out.write(`${line}\n`)
    },
    onSample(sample) {
      if (!begun) out.write(`${tableHead}\n`)
      if (out.isTTY) out.write(`\r\x1b[K${tableLine(sample)}`)
      else if (!begun || Math.round(sample.at) % 10 === 0) out.write(`${tableLine(sample)}\n`)
      begun = true
    },
  }
}
