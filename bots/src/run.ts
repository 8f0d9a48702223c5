import { setTimeout as pause } from 'node:timers/promises'
import type { TrackCounts } from './counter.ts'
import type { Engine } from './engine.ts'
import { explain } from './failure.ts'
import { type Heard, joinCall, type Presence } from './in-call.ts'
import { watchMachine } from './machine.ts'
import { type BotOutcome, group, type Outcome, type Sample } from './outcome.ts'
import { type BotPlan, makePlan, type Plan } from './plan.ts'
import { startSampling } from './sampler.ts'
import type { Scenario } from './scenario.ts'
import { closeAll, type Member, meet, type Places, signIn } from './setup.ts'
import { startStorm } from './storm.ts'

export type Watcher = {
  onSignedIn(count: number, of: number): void
  onSample(sample: Sample): void
}

/** A stay shorter than this need not have brought any media. */
const mediaWithinMs = 5_000

/** Longer than any run, ms. */
const untilStopped = 2 ** 30

/** What a bot has come to so far. */
type Log = {
  joins: number
  joinMs: number[]
  mediaMs: number[]
  frameMs: number[]
  answerMs: number[]
  heard: Heard[]
  present: Presence | null
  failures: string[]
}

/**
 * Do what the scenario says, from signing in to leaving.
 *
 * @throws RunError when it can't even begin, the signal's reason when it is stopped before
 */
export async function run(
  scenario: Scenario,
  engine: Engine,
  watcher: Watcher,
  signal: AbortSignal,
): Promise<Outcome> {
  const plan = makePlan(scenario)
  const sockets = new Set<string>()
  const members = await signIn({
    scenario,
    plan,
    engine,
    signal,
    onSignedIn: (count) => watcher.onSignedIn(count, plan.bots.length),
    onSocket: (url) => sockets.add(url),
  })
  try {
    const places = await meet(scenario, plan, members)
    signal.throwIfAborted()
    return await act({ scenario, plan, places, members, sockets, engine, watcher, signal })
  } finally {
    await closeAll(members)
  }
}

type Stage = {
  scenario: Scenario
  plan: Plan
  places: Places
  members: Member[]
  /** URLs of all sockets that bots have opened. */
  sockets: ReadonlySet<string>
  engine: Engine
  watcher: Watcher
  signal: AbortSignal
}

async function act(stage: Stage): Promise<Outcome> {
  const { scenario, plan, places, members, sockets, watcher, signal } = stage
  const logs = plan.bots.map(
    (): Log => ({
      joins: 0,
      joinMs: [],
      mediaMs: [],
      frameMs: [],
      answerMs: [],
      heard: [],
      present: null,
      failures: [],
    }),
  )
  const heardBy = (log: Log) => [...log.heard, ...(log.present?.heard ?? [])]
  const common: string[] = []
  const failures = () => [...common, ...logs.flatMap((log) => log.failures)]
  const rings = listenForRings(stage)
  const storm = startStorm(plan.messages.length > 0 ? places.chat : null, plan, members)
  const startedAt = new Date()
  const start = performance.now()
  const sampler = startSampling({
    look: () => ({
      joined: logs.filter(({ present }) => present).length,
      failures: failures().length,
      mediaMs: logs.flatMap(mediaMsOf),
      bots: logs.map(heardBy),
    }),
    machine: watchMachine(scenario.url, () => [...sockets]).take,
    onSample: watcher.onSample,
  })
  const stop = AbortSignal.any([signal, AbortSignal.timeout(plan.duration)])
  const talking = takeTurns(plan, logs, start)
  try {
    await Promise.all([
      ...plan.bots.map((bot) => stayAll(stage, bot, logs, { start, stop, rings, talking })),
      storm.write(start, stop, (error) => common.push(explain(error, scenario.url))),
    ])
    await storm.settle()
  } finally {
    talking.close()
    rings.close()
    sampler.close()
  }
  return {
    url: scenario.url,
    seed: scenario.seed,
    startedAt: startedAt.toISOString(),
    seconds: (performance.now() - start) / 1000,
    calls: plan.calls.map(({ name }) => name),
    bots: logs.map((log, index) => ({
      ...outcomeOf(log, stage, index),
      seconds: sampler.seconds[index] ?? [],
    })),
    samples: sampler.samples,
    ringMs: rings.times,
    messages: storm.result(),
    failures: group(failures()),
    lagMs: sampler.lagMs(),
    cpuPercent: sampler.cpuPercent(),
  }
}

type Course = {
  start: number
  stop: AbortSignal
  rings: { begin(chatId: string): void }
  talking: { has(bot: number): boolean }
}

/** All the times that a bot is in its call, one after the other. */
async function stayAll(stage: Stage, bot: BotPlan, logs: Log[], course: Course) {
  const log = logs[bot.index]
  if (!log) return
  for (const { joinAt, leaveAt } of bot.stays) {
    // The last ones leave together, by the one signal: nobody sees another go and wonders.
    const left = () =>
      leaveAt >= stage.plan.duration ? untilStopped : course.start + leaveAt - performance.now()
    try {
      await pause(Math.max(0, course.start + joinAt - performance.now()), undefined, {
        signal: course.stop,
      })
    } catch {
      return
    }
    try {
      const presence = await join(stage, bot, log, course)
      await pause(Math.max(0, left()), undefined, { signal: course.stop }).catch(() => {})
      const leaving = presence.leave()
      weigh(presence, log)
      await leaving
    } catch (error) {
      log.failures.push(explain(error, stage.scenario.url))
    }
  }
}

async function join(stage: Stage, bot: BotPlan, log: Log, course: Course): Promise<Presence> {
  const call = stage.plan.calls[bot.call ?? -1]
  const chatId = stage.places.calls[bot.call ?? -1]
  const member = stage.members[bot.index]
  if (!call || chatId === undefined || !member) throw new Error('The bot has no call.')
  const starts = call.bots[0] === bot.index
  if (starts) course.rings.begin(chatId)
  const presence = await joinCall({
    client: member.client,
    engine: stage.engine,
    chatId,
    starts,
    sources: bot.sources,
    simulcast: call.spec.simulcast,
    codec: call.spec.codec,
    onTrouble: (what) => log.failures.push(what),
    signal: course.stop,
  })
  log.joins++
  log.joinMs.push(presence.joinMs)
  log.present = presence
  presence.setTalking(course.talking.has(bot.index))
  return presence
}

/** From asking to join, or from the ring, to the first packet and the first frame, ms. */
function firstsOf({ askedAt, joinMs, rungAt, heard }: Presence) {
  const early = heard.filter(({ openedAt, paused }) => !paused && openedAt <= askedAt + joinMs + 50)
  const first = (
    of: readonly Heard[],
    from: number | null,
    pick: (counts: TrackCounts) => number | null,
  ) => {
    const times = of.map(({ counter }) => pick(counter.counts())).filter((time) => time !== null)
    return times.length === 0 || from === null ? null : Math.min(...times) - from
  }
  return {
    expected: early.length > 0,
    // Of those who were there before.
    mediaMs: first(early, askedAt, ({ firstAt }) => firstAt),
    frameMs: first(early, askedAt, ({ firstFrameAt }) => firstFrameAt),
    // Who rings begins to send while it is answered already.
    answerMs: first(heard, rungAt, ({ firstAt }) => firstAt),
  }
}

/** The same of all stays so far, the one that is on included. */
function mediaMsOf({ mediaMs, present }: Log): number[] {
  const now = present ? firstsOf(present).mediaMs : null
  return now === null ? mediaMs : [...mediaMs, now]
}

/** A stay is over: keep what it brought. */
function weigh(presence: Presence, log: Log) {
  log.present = null
  log.heard.push(...presence.heard)
  const { expected, mediaMs, frameMs, answerMs } = firstsOf(presence)
  if (mediaMs !== null) log.mediaMs.push(mediaMs)
  else if (expected && performance.now() - presence.askedAt > mediaWithinMs) {
    log.failures.push('No media came from the SFU: are its media ports open, UDP or TCP?')
  }
  if (frameMs !== null) log.frameMs.push(frameMs)
  if (answerMs !== null) log.answerMs.push(answerMs)
}

/** Has those talk whose turn it is, until closed. */
function takeTurns(plan: Plan, logs: Log[], start: number) {
  const current = new Set<number>()
  const timers = plan.calls.flatMap(({ bots, turns }) =>
    turns.map((turn) =>
      setTimeout(
        () => {
          for (const bot of bots) {
            const talks = turn.bots.includes(bot)
            if (talks) current.add(bot)
            else current.delete(bot)
            logs[bot]?.present?.setTalking(talks)
          }
        },
        Math.max(0, start + turn.at - performance.now()),
      ),
    ),
  )
  return {
    has: (bot: number) => current.has(bot),
    close() {
      for (const timer of timers) clearTimeout(timer)
    },
  }
}

/** Times from starting a call to its ringing. */
function listenForRings({ members }: Stage) {
  const begun = new Map<string, number>()
  const times: number[] = []
  const stops = members.map(({ client }) =>
    client.onEvent((event) => {
      if (event.type !== 'call.ringing') return
      const at = begun.get(event.call.chatId)
      if (at !== undefined) times.push(performance.now() - at)
    }),
  )
  return {
    times,
    begin: (chatId: string) => void begun.set(chatId, performance.now()),
    close() {
      for (const stop of stops) stop()
    },
  }
}

function outcomeOf(log: Log, { plan, members }: Stage, index: number): Omit<BotOutcome, 'seconds'> {
  const tracks = log.heard.map(({ counter }) => counter.counts())
  const sounds = log.heard.filter(
    ({ source }) => source === 'microphone' || source === 'screenAudio',
  )
  const { joins, joinMs, mediaMs, frameMs, answerMs, failures } = log
  return {
    name: members[index]?.name ?? '',
    call: plan.calls[plan.bots[index]?.call ?? -1]?.name ?? null,
    joins,
    joinMs,
    mediaMs,
    frameMs,
    answerMs,
    tracks,
    soundGapMs: Math.max(0, ...sounds.map(({ counter }) => counter.counts().longestGapMs)),
    failures,
  }
}
