import { setTimeout as pause } from 'node:timers/promises'
import type { TrackCounts } from './counter.ts'
import type { Engine } from './engine.ts'
import { explain } from './failure.ts'
import { type Heard, joinCall, type Presence } from './in-call.ts'
import { machineNow } from './machine-clock.ts'
import type { makeMailbox } from './mailbox.ts'
import type { Moment, Order, Report, Result } from './messages.ts'
import type { BotResult } from './outcome.ts'
import type { BotPlan, Plan } from './plan.ts'
import { startSampling } from './sampler.ts'
import type { Scenario } from './scenario.ts'
import { closeAll, type Member, meet, signIn } from './setup.ts'
import { startStorm } from './storm.ts'

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

type OrderOf<Type extends Order['type']> = Extract<Order, { type: Type }>

export type CrewOptions = {
  begin: OrderOf<'enter'>
  engine: Engine
  orders: ReturnType<typeof makeMailbox<Order>>
  tell(report: Report): void
  /** Aborted when the bots are to leave before their time. */
  signal: AbortSignal
  /** Resolves when nobody waits for these bots any more. */
  gone: Promise<void>
}

/**
 * The bots of one process, from signing in to leaving, as they are told.
 *
 * @throws RunError when they can't even begin
 */
export async function perform(options: CrewOptions): Promise<void> {
  const { begin, engine, orders, tell, signal, gone } = options
  const { scenario, plan, own, run, atOnce } = begin
  const sockets = new Set<string>()
  const members = await signIn({
    scenario,
    plan,
    own,
    atOnce,
    run,
    engine,
    signal,
    onSignedIn: () => tell({ type: 'signedIn' }),
    onSocket(url) {
      if (sockets.has(url)) return
      sockets.add(url)
      tell({ type: 'socket', url })
    },
  })
  try {
    const named = [...members].map(([index, { name, userId }]) => ({ index, name, userId }))
    tell({ type: 'entered', members: named })
    const { userIds } = await orders.take('meet')
    tell({ type: 'placed', ...(await meet({ scenario, plan, members, userIds })) })
    const places = await orders.take('act')
    const result = await act({ scenario, plan, run, members, places, engine, orders, tell, signal })
    tell({ type: 'done', result })
    await gone
  } finally {
    await closeAll(members)
  }
}

type Stage = Pick<CrewOptions, 'engine' | 'orders' | 'tell' | 'signal'> & {
  scenario: Scenario
  plan: Plan
  run: string
  members: ReadonlyMap<number, Member>
  places: OrderOf<'act'>
}

async function act(stage: Stage): Promise<Result> {
  const { scenario, plan, run, places, members, orders, tell, signal } = stage
  const logs = new Map<number, Log>()
  for (const index of members.keys()) {
    logs.set(index, {
      joins: 0,
      joinMs: [],
      mediaMs: [],
      frameMs: [],
      answerMs: [],
      heard: [],
      present: null,
      failures: [],
    })
  }
  const all = [...logs.values()]
  const heardBy = (log: Log) => [...log.heard, ...(log.present?.heard ?? [])]
  const common: string[] = []
  const start = performance.now() + places.startAt - machineNow()
  const rings = listenForRings(stage)
  const storm = startStorm({
    chatId: plan.messages.length > 0 ? places.chat : null,
    plan,
    members,
    run,
    onError: (error) => common.push(explain(error, scenario.url)),
  })
  const sampler = startSampling({
    start,
    look: () => ({
      joined: all.filter(({ present }) => present).length,
      failures: all.reduce((sum, { failures }) => sum + failures.length, common.length),
      mediaMs: all.flatMap(mediaMsOf),
      bots: all.map(heardBy),
    }),
    onShare: (share) => tell({ type: 'share', share }),
  })
  const over = AbortSignal.timeout(
    Math.max(0, Math.ceil(start + plan.duration - performance.now())),
  )
  const stop = AbortSignal.any([signal, over])
  const talking = takeTurns(plan, logs, start)
  const bots = plan.bots.filter(({ index }) => logs.has(index))
  try {
    const [sent] = await Promise.all([
      storm.write(start, stop),
      ...bots.map((bot) => stayAll(stage, bot, logs, { start, stop, rings, talking })),
    ])
    tell({ type: 'written', sent })
    await storm.settle((await orders.take('settle')).sent)
  } finally {
    talking.close()
    rings.close()
    sampler.close()
  }
  return {
    bots: [...logs].map(([index, log]) => ({ index, result: resultOf(log) })),
    begun: rings.begun,
    rung: rings.rung,
    ...storm.result(),
    failures: common,
    lagMs: sampler.lagMs(),
    cpuPercent: sampler.cpuPercent(),
  }
}

type Logs = ReadonlyMap<number, Log>

type Course = {
  start: number
  stop: AbortSignal
  rings: { begin(chatId: string): void }
  talking: { has(bot: number): boolean }
}

/** All the times that a bot is in its call, one after the other. */
async function stayAll(stage: Stage, bot: BotPlan, logs: Logs, course: Course) {
  const log = logs.get(bot.index)
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
  const member = stage.members.get(bot.index)
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
function takeTurns(plan: Plan, logs: Logs, start: number) {
  const current = new Set<number>()
  const timers = plan.calls.flatMap(({ bots, turns }) =>
    turns.map((turn) =>
      setTimeout(
        () => {
          for (const bot of bots) {
            const talks = turn.bots.includes(bot)
            if (talks) current.add(bot)
            else current.delete(bot)
            logs.get(bot)?.present?.setTalking(talks)
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

/** When calls are started here, and when they ring here. */
function listenForRings({ members }: Stage) {
  const begun: Moment[] = []
  const rung: Moment[] = []
  const stops = [...members.values()].map(({ client }) =>
    client.onEvent((event) => {
      if (event.type !== 'call.ringing') return
      rung.push({ chatId: event.call.chatId, at: machineNow() })
    }),
  )
  return {
    begun,
    rung,
    begin: (chatId: string) => void begun.push({ chatId, at: machineNow() }),
    close() {
      for (const stop of stops) stop()
    },
  }
}

function resultOf({ heard, present: _, ...kept }: Log): BotResult {
  const sounds = heard.filter(({ source }) => source === 'microphone' || source === 'screenAudio')
  return {
    ...kept,
    tracks: heard.map(({ counter }) => counter.counts()),
    soundGapMs: Math.max(0, ...sounds.map(({ counter }) => counter.counts().longestGapMs)),
  }
}
