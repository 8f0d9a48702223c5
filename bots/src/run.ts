import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { deal, processesFor } from './deal.ts'
import { RunError } from './failure.ts'
import { watchMachine } from './machine.ts'
import { machineNow } from './machine-clock.ts'
import type { Moment, Order, Report, Result } from './messages.ts'
import {
  type BotOutcome,
  type BotResult,
  group,
  type Outcome,
  type ProcessOutcome,
  type ProcessUsage,
  type Sample,
  type Second,
} from './outcome.ts'
import { makePlan, type Plan } from './plan.ts'
import { type BotProcess, ProcessError, startProcess } from './processes.ts'
import { measureCpu } from './sampler.ts'
import { makeSamples } from './samples.ts'
import type { Scenario } from './scenario.ts'
import { checkServer } from './setup.ts'

export type Watcher = {
  onSignedIn(count: number, of: number): void
  onSample(sample: Sample): void
}

/** Passwords are hashed slowly on purpose: more at once make it no faster. */
const passwordsAtOnce = 4
/** Until all processes know when to begin. */
const leadMs = 200
/** How much longer than planned the bots may take to end, before they are held to be stuck. */
const patienceMs = 60_000

/**
 * Do what the scenario says, from signing in to leaving, in processes of their own.
 *
 * @throws RunError when it can't even begin, the signal's reason when it is stopped before
 */
export async function run(
  scenario: Scenario,
  watcher: Watcher,
  signal: AbortSignal,
  start = startProcess,
): Promise<Outcome> {
  const plan = makePlan(scenario)
  await checkServer(scenario.url)
  signal.throwIfAborted()
  const hands = deal(plan, processesFor(scenario, plan, availableParallelism()), scenario.engine)
  const sockets = new Set<string>()
  let signedIn = 0
  let onReport: (process: number, report: Report) => void = () => {}
  const processes = hands.map((_, process) =>
    start((report) => {
      if (report.type === 'socket') sockets.add(report.url)
      if (report.type === 'signedIn') watcher.onSignedIn(++signedIn, plan.bots.length)
      onReport(process, report)
    }),
  )
  const stage = { scenario, plan, hands, processes, sockets, watcher, signal }
  try {
    const setting = await unlessAborted(prepare(stage), signal)
    return await act({
      ...stage,
      ...setting,
      listen: (listener) => {
        onReport = listener
      },
    })
  } finally {
    await Promise.all(processes.map((process) => process.close()))
  }
}

type Stage = {
  scenario: Scenario
  plan: Plan
  /** The bots of each process. */
  hands: readonly number[][]
  processes: readonly BotProcess[]
  /** URLs of all sockets that bots have opened. */
  sockets: ReadonlySet<string>
  watcher: Watcher
  signal: AbortSignal
}

async function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = () => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** Sign all in, and make their chats. */
async function prepare({ scenario, plan, hands, processes }: Stage) {
  const run = randomBytes(3).toString('hex')
  const atOnce = Math.ceil(passwordsAtOnce / processes.length)
  for (const [place, process] of processes.entries()) {
    process.tell({ type: 'enter', scenario, plan, own: hands[place] ?? [], atOnce, run })
  }
  const names: string[] = []
  const userIds: string[] = []
  for (const { members } of await ofAll(processes, 'entered')) {
    for (const { index, name, userId } of members) {
      names[index] = name
      userIds[index] = userId
    }
  }
  for (const process of processes) process.tell({ type: 'meet', userIds })
  const calls: string[] = []
  let chat: string | null = null
  for (const placed of await ofAll(processes, 'placed')) {
    for (const { call, chatId } of placed.calls) calls[call] = chatId
    chat ??= placed.chat
  }
  return { names, calls, chat }
}

/** What each process says next. @throws RunError when one can't go on */
async function ofAll<Type extends Report['type']>(processes: readonly BotProcess[], type: Type) {
  try {
    return await Promise.all(processes.map((process) => process.take(type)))
  } catch (error) {
    if (!(error instanceof ProcessError)) throw error
    throw new RunError(
      `A process of the bots ended (${error.message}) before anything was measured.`,
    )
  }
}

type Acting = Stage & {
  /** Of all bots, by their index. */
  names: readonly string[]
  /** Chats of the calls, by their index. */
  calls: string[]
  chat: string | null
  /** Hear what the processes say, from now on. */
  listen(listener: (process: number, report: Report) => void): void
}

async function act(acting: Acting): Promise<Outcome> {
  const { scenario, plan, hands, processes, sockets, watcher, signal, calls, chat } = acting
  const cpu = measureCpu()
  const { take, end, samples, seconds } = makeSamples({
    hands,
    machine: watchMachine(scenario.url, () => [...sockets]).take,
    onSample: watcher.onSample,
  })
  acting.listen((process, report) => {
    if (report.type === 'share') take(process, report.share)
  })
  const startedAt = new Date()
  const startAt = machineNow() + leadMs
  const tellAll = (order: Order) => {
    for (const process of processes) process.tell(order)
  }
  const ended = hands.map((): string | null => null)
  const results = hands.map((): Result | null => null)
  /** What each says next; of one that has ended that it did, and how. */
  const next = <Type extends 'written' | 'done'>(type: Type) =>
    Promise.all(
      processes.map(async (process, place) => {
        try {
          return await process.take(type)
        } catch (error) {
          if (!(error instanceof ProcessError)) throw error
          ended[place] = error.message
          end(place)
          return null
        }
      }),
    )
  const stop = () => tellAll({ type: 'stop' })
  const giveUp = () => {
    for (const [place, process] of processes.entries()) if (!results[place]) process.kill()
  }
  const stuck = setTimeout(giveUp, plan.duration + patienceMs)
  tellAll({ type: 'act', startAt, calls, chat })
  signal.addEventListener('abort', stop, { once: true })
  try {
    const written = await next('written')
    tellAll({ type: 'settle', sent: sum(written.map((report) => report?.sent ?? 0)) })
    for (const [place, report] of (await next('done')).entries()) {
      results[place] = report?.result ?? null
      end(place)
    }
  } finally {
    clearTimeout(stuck)
    signal.removeEventListener('abort', stop)
  }
  const whole = { startedAt, startAt, cpuPercent: cpu.percent(), samples, seconds }
  return outcomeOf(acting, { ...whole, ended, results })
}

type Course = Pick<Outcome, 'samples'> & {
  startedAt: Date
  startAt: number
  /** Of this process, of one core. */
  cpuPercent: number
  /** What each bot received in the second of each sample. */
  seconds: Second[][]
  /** How each process ended before its time; null for one that did not. */
  ended: readonly (string | null)[]
  results: readonly (Result | null)[]
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0)

function outcomeOf({ scenario, plan, hands, names }: Acting, course: Course): Outcome {
  const { startedAt, startAt, samples, seconds, ended } = course
  const results = course.results.filter((result) => result !== null)
  const known = new Map(results.flatMap(({ bots }) => bots).map((bot) => [bot.index, bot.result]))
  const bots = plan.bots.map(({ index, call }): BotOutcome => {
    const how = ended[hands.findIndex((hand) => hand.includes(index))]
    return {
      name: names[index] ?? '',
      call: plan.calls[call ?? -1]?.name ?? null,
      ...(known.get(index) ?? lost(how ?? 'unknown')),
      seconds: seconds[index] ?? [],
    }
  })
  const processes = hands.map(({ length }, place) =>
    processOf(place, length, samples, course.results[place] ?? null, ended[place] ?? null),
  )
  const common = results.flatMap(({ failures }) => failures)
  const deliveryMs = results.flatMap((result) => result.deliveryMs)
  return {
    url: scenario.url,
    seed: scenario.seed,
    startedAt: startedAt.toISOString(),
    seconds: (machineNow() - startAt) / 1000,
    calls: plan.calls.map(({ name }) => name),
    bots,
    samples,
    ringMs: ringTimes(
      results.flatMap(({ begun }) => begun),
      results.flatMap(({ rung }) => rung),
    ),
    messages: {
      sent: sum(results.map(({ sent }) => sent)),
      delivered: deliveryMs.length,
      lost: Math.max(0, sum(results.map(({ expected }) => expected)) - deliveryMs.length),
      deliveryMs,
    },
    failures: group([...common, ...bots.flatMap(({ failures }) => failures)]),
    processes,
    lagMs: Math.max(0, ...processes.map(({ lagMs }) => lagMs)),
    cpuPercent: course.cpuPercent + sum(processes.map(({ cpuPercent }) => cpuPercent)),
  }
}

/** What is known of a bot whose process has ended. */
const lost = (how: string): BotResult => ({
  joins: 0,
  joinMs: [],
  mediaMs: [],
  frameMs: [],
  answerMs: [],
  tracks: [],
  soundGapMs: 0,
  failures: [`The process that the bot was in has ended (${how}).`],
})

function processOf(
  place: number,
  bots: number,
  samples: readonly Sample[],
  result: Result | null,
  ended: string | null,
): ProcessOutcome {
  const seen = samples.flatMap(({ processes }) => processes[place] ?? [])
  const most = (pick: (usage: ProcessUsage) => number) => Math.max(0, ...seen.map(pick))
  const average = sum(seen.map(({ cpuPercent }) => cpuPercent)) / Math.max(1, seen.length)
  return {
    bots,
    cpuPercent: result?.cpuPercent ?? average,
    memoryMaxMb: most(({ memoryMb }) => memoryMb),
    lagMs: result?.lagMs ?? most(({ lagMs }) => lagMs),
    ended,
  }
}

/** Milliseconds from starting a call to its ringing, wherever either was. */
export function ringTimes(begun: readonly Moment[], rung: readonly Moment[]): number[] {
  return rung.flatMap(({ chatId, at }) => {
    const before = begun.filter((one) => one.chatId === chatId && one.at <= at)
    return before.length === 0 ? [] : [at - Math.max(...before.map((one) => one.at))]
  })
}
