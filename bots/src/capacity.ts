import { availableParallelism, cpus, totalmem } from 'node:os'
import { limits } from '@beseda/protocol/limits'
import type { Layers, Outcome, Sample, Summary } from './outcome.ts'
import { type Scenario, ScenarioError } from './scenario.ts'
import { type Verdict, whyLate } from './verdict.ts'

/** What is raised: how many calls there are, or how many are in the one call. */
export type Raised = 'calls' | 'participants'

/** A load, and why it was too much; null where all went well. */
export type Trial = { load: number; limit: string | null }

export type Step = Trial & { summary: Summary; verdict: Verdict; outcome: Outcome }

/** What a machine carries. */
export type Card = {
  /** Cores, processor, memory. */
  machine: string
  raised: Raised
  /** The largest load at which all thresholds were kept; 0 for none. */
  load: number
  /** The same in words. */
  carries: string
  bots: number
  /** What arrives at all bots at that load. */
  tracks: number
  pictures: Layers
  mbps: number
  /** The smallest load that was too much, and why; null when none was found. */
  broke: { load: number; why: string } | null
}

/** More calls than these no process of bots carries. */
const callsMax = 1_000

/** Loads this close to each other are not told apart. */
const closeEnough = 0.1

/**
 * The load to try next: twice as much until one is too much, then halfway between the best and
 * the worst until they are within a tenth. Null when there is nothing more to learn.
 */
export function nextLoad(
  trials: readonly Trial[],
  { start, least, most }: { start: number; least: number; most: number },
): number | null {
  const good = trials.filter(({ limit }) => limit === null).map(({ load }) => load)
  const bad = trials.filter(({ limit }) => limit !== null).map(({ load }) => load)
  const best = Math.max(least - 1, ...good)
  const worst = Math.min(...bad)
  if (trials.length === 0) return Math.max(least, Math.min(start, most))
  if (bad.length === 0) return best >= most ? null : Math.min(best * 2, most)
  if (worst - best <= Math.max(1, best * closeEnough)) return null
  return Math.floor((best + worst) / 2)
}

/** A process is full when a thread of it was busy for this share of a core in so many seconds. */
const full = { percent: 95, seconds: 3 }

/** Processes of server and SFU of which a thread had a core for itself. */
export function fullProcesses(samples: readonly Sample[]): string[] {
  const seconds = new Map<string, number>()
  for (const { name, threadPercent } of samples.flatMap(({ machine }) => machine)) {
    if (threadPercent >= full.percent) seconds.set(name, (seconds.get(name) ?? 0) + 1)
  }
  return [...seconds].filter(([, count]) => count >= full.seconds).map(([name]) => name)
}

const whoWasShort = {
  own: "the bots' own CPU was the limit",
  full: 'bots, server and SFU had all cores of this machine, the bots',
  others: 'the machine gave the bots too little CPU',
}

/** Why a load was too much: the bots themselves first, as nothing else can be believed then; null if it was not. */
export function limitOf(verdict: Verdict, summary: Summary, outcome: Outcome): string | null {
  const ended = outcome.processes.find((one) => one.ended !== null)
  if (ended) return `a process of the bots ended (${ended.ended})`
  if (verdict.distrust !== null) {
    const [cpu, late] = [outcome.cpuPercent, outcome.lagMs].map(Math.round)
    return `${whoWasShort[whyLate(outcome, summary)]}: ${cpu} % of a core, ${late} ms late`
  }
  const processes = fullProcesses(outcome.samples)
  if (processes.length > 0) return `no core left for ${processes.join(', ')}`
  const [failure] = outcome.failures
  const broken = verdict.checks
    .filter(({ kept }) => !kept)
    .map(({ what, value, unit }) =>
      `${what} ${value === null ? 'nothing' : `${Number(value.toPrecision(3))} ${unit}`}`.trim(),
    )
  if (broken.length === 0) return null
  return failure ? `${broken.join(', ')} (${failure.what})` : broken.join(', ')
}

/** The scenario with another load. */
export function withLoad(scenario: Scenario, raised: Raised, load: number): Scenario {
  const [first, ...others] = scenario.calls
  if (!first) return scenario
  const changed = raised === 'calls' ? { ...first, count: load } : { ...first, participants: load }
  return { ...scenario, calls: [changed, ...others] }
}

/** The loads among which to look: a call holds as many as its chat, and those who send take part. */
export function rangeOf(scenario: Scenario, raised: Raised) {
  const [first] = scenario.calls
  if (!first) throw new ScenarioError('--capacity: the scenario has no calls')
  if (raised === 'calls') return { start: first.count, least: 1, most: callsMax }
  const shares = [first.audio, first.video, first.screen]
  const senders = Math.max(...shares.map((share) => (share === 'all' ? 2 : share)))
  const most = senders > 1 ? limits.groupMembersMax : limits.channelMembersMax
  return { start: first.participants, least: Math.max(2, senders), most }
}

/** The load of a scenario in words: `12 calls of 4`, `a call of 40`. */
export function loadInWords(scenario: Scenario, raised: Raised, load: number): string {
  const participants = scenario.calls[0]?.participants ?? 0
  if (raised === 'participants') return `a call of ${load}`
  return load === 1 ? `one call of ${participants}` : `${load} calls of ${participants}`
}

/** What all steps together say about this machine. */
export function cardOf(scenario: Scenario, raised: Raised, steps: readonly Step[]): Card {
  const good = steps.filter(({ limit }) => limit === null)
  const best = good.reduce<Step | null>(
    (most, step) => (most === null || step.load > most.load ? step : most),
    null,
  )
  const bad = steps.filter(({ limit }) => limit !== null).sort((a, b) => a.load - b.load)[0]
  const load = best?.load ?? 0
  return {
    machine: thisMachine(),
    raised,
    load,
    carries: best ? loadInWords(scenario, raised, load) : 'not even the first load',
    bots: best?.outcome.bots.length ?? 0,
    ...(best ? steady(best.outcome) : { tracks: 0, pictures: {}, mbps: 0 }),
    broke: bad ? { load: bad.load, why: bad.limit ?? '' } : null,
  }
}

/** What arrived in the fullest second of the second half. */
function steady({ bots, samples }: Outcome): Pick<Card, 'tracks' | 'pictures' | 'mbps'> {
  const from = Math.floor(samples.length / 2)
  let most: Pick<Card, 'tracks' | 'pictures' | 'mbps'> = { tracks: 0, pictures: {}, mbps: 0 }
  for (let index = from; index < samples.length; index++) {
    const pictures: Layers = {}
    for (const { seconds } of bots) {
      for (const [width, count] of Object.entries(seconds[index]?.layers ?? {})) {
        pictures[width] = (pictures[width] ?? 0) + count
      }
    }
    const mbps = (samples[index]?.kbps ?? 0) / 1000
    if (mbps > most.mbps) most = { tracks: 0, pictures, mbps }
  }
  return { ...most, tracks: bots.reduce((sum, { tracks }) => sum + tracks.length, 0) }
}

function thisMachine(): string {
  const [processor] = cpus()
  const cores = availableParallelism()
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`
  return [`${cores} ${cores === 1 ? 'core' : 'cores'}`, processor?.model.trim(), memory]
    .filter((part) => part)
    .join(', ')
}

/** The card as lines. */
export function cardLines(card: Card, scenario: Scenario): string[] {
  const { load, carries, bots, tracks, pictures, mbps, broke, raised } = card
  const sizes = Object.entries(pictures)
    .sort(([a], [b]) => Number(b) - Number(a))
    .map(([width, count]) => `${count} at ${width} pixels`)
  const shown = sizes.length > 0 ? `, pictures: ${sizes.join(', ')}` : ''
  return [
    `On this machine (${card.machine}): ${carries}`,
    ...(load === 0
      ? []
      : [`  ${bots} bots, ${tracks} consumers${shown}, ${mbps.toFixed(1)} Mbit/s received`]),
    broke
      ? `  Too much: ${loadInWords(scenario, raised, broke.load)}: ${broke.why}`
      : '  Nothing broke: the most that a call or a chat holds was reached.',
  ]
}
