import { availableParallelism } from 'node:os'
import { z } from 'zod'
import type { TrackCounts } from './counter.ts'
import type { Usage } from './machine.ts'

/** How many pictures came in which width. */
export type Layers = Record<string, number>

/** What came in one second. */
export type Second = { kbps: number; layers: Layers }

const trackCountsSchema: z.ZodType<TrackCounts> = z.object({
  kind: z.enum(['audio', 'video']),
  packets: z.number(),
  bytes: z.number(),
  lost: z.number(),
  repaired: z.number(),
  jitterMs: z.number(),
  longestGapMs: z.number(),
  keyFrames: z.number(),
  switches: z.number(),
  width: z.number().nullable(),
  firstAt: z.number().nullable(),
  frames: z.number(),
  firstFrameAt: z.number().nullable(),
  freezes: z.number(),
  frozenMs: z.number(),
  longestFreezeMs: z.number(),
  watchedMs: z.number(),
})

/** What one bot came to in all its calls. */
export const botResultSchema = z.object({
  joins: z.int(),
  /** Milliseconds from asking to being in, of each join. */
  joinMs: z.array(z.number()),
  /** Milliseconds from asking to the first packet, of each join to somebody who sent. */
  mediaMs: z.array(z.number()),
  /** Milliseconds from asking to the first frame of a picture. */
  frameMs: z.array(z.number()),
  /** Milliseconds from the ring to the first packet, of each call answered at its ring. */
  answerMs: z.array(z.number()),
  tracks: z.array(trackCountsSchema),
  soundGapMs: z.number(),
  failures: z.array(z.string()),
})
export type BotResult = z.infer<typeof botResultSchema>

export type BotOutcome = BotResult & {
  name: string
  /** The name of its call, null for one that only chatted. */
  call: string | null
  /** As long as the samples, second by second. */
  seconds: Second[]
}

/** What one process of bots takes. */
export type ProcessUsage = {
  /** Of one core. */
  cpuPercent: number
  memoryMb: number
  /** 99th percentile of how late its own timers were. */
  lagMs: number
}

/** What came of one process of bots. */
export type ProcessOutcome = {
  bots: number
  /** Of one core. */
  cpuPercent: number
  memoryMaxMb: number
  /** 99th percentile of how late its own timers were. */
  lagMs: number
  /** How it ended before its time; null for one that did not. */
  ended: string | null
}

/** One second of the run. */
export type Sample = {
  /** Seconds from the start. */
  at: number
  joined: number
  failures: number
  /** Received by all bots. */
  kbps: number
  /** Of the packets of this second. */
  lossPercent: number
  /** 95th percentile of the tracks. */
  jitterMs: number
  /** How late the latest of the bots' processes was. */
  lagMs: number
  /** Median from asking to join to media so far; null before the first. */
  mediaMs: number | null
  /** Freezes that ended in this second. */
  freezes: number
  /** Server and SFU, where they run on this machine. */
  machine: Usage[]
  /** Those that the bots are in; null for one that has ended. */
  processes: (ProcessUsage | null)[]
}

export type Outcome = {
  url: string
  seed: number
  /** ISO time. */
  startedAt: string
  seconds: number
  calls: string[]
  bots: BotOutcome[]
  samples: Sample[]
  /** From starting a call to its ringing at another bot, ms. */
  ringMs: number[]
  messages: { sent: number; delivered: number; lost: number; deliveryMs: number[] }
  failures: { what: string; times: number }[]
  /** Those that the bots were in. */
  processes: ProcessOutcome[]
  /** How late the latest of them was, ms. */
  lagMs: number
  /** Of one core, all of them together. */
  cpuPercent: number
}

export type Spread = { p50: number; p95: number; p99: number }

/** Of the packets that were sent, in percent. */
export type Loss = {
  /** Did not come at first. */
  firstPercent: number
  /** Came in time for all that, as they were asked for again (or only overtaken). */
  repairedPercent: number
  /** Never did, or too late. */
  lostPercent: number
}

/** Figures of all bots together. */
export type Summary = {
  joins: number
  joinMs: Spread | null
  mediaMs: Spread | null
  frameMs: Spread | null
  answerMs: Spread | null
  ringMs: Spread | null
  messageMs: Spread | null
  packets: number
  /** Of all packets, of sound alone and of pictures alone. */
  lossPercent: number
  sound: Loss
  pictures: Loss
  jitterP95Ms: number
  soundGapMs: number
  frames: number
  freezes: number
  /** Of the time for which pictures were received. */
  frozenPercent: number
  longestFreezeMs: number
  keyFrames: number
  switches: number
  failures: number
  /** Server and SFU, where they run on this machine. */
  machine: MachineSummary[]
  /** Of this machine. */
  cores: number
}

export type MachineSummary = {
  name: string
  /** Of one core: on average, and in the worst second. */
  cpuPercent: number
  cpuMaxPercent: number
  /** Of its busiest thread in the worst second. */
  threadMaxPercent: number
  memoryMaxMb: number
}

/** The value below which the share `p` (0 to 1) of the samples lies, by nearest rank; null for none. */
export function percentile(samples: readonly number[], p: number): number | null {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? null
}

function spread(samples: readonly number[]): Spread | null {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((p) => percentile(samples, p))
  return p50 == null || p95 == null || p99 == null ? null : { p50, p95, p99 }
}

/** Put the figures of all bots together. */
export function summarise({ bots, ringMs, messages, failures, samples }: Outcome): Summary {
  const tracks = bots.flatMap((bot) => bot.tracks)
  const sum = (pick: (track: TrackCounts) => number) =>
    tracks.reduce((total, track) => total + pick(track), 0)
  const packets = sum((track) => track.packets)
  const lost = sum((track) => track.lost)
  const jitters = tracks.filter(({ packets }) => packets > 1).map(({ jitterMs }) => jitterMs)
  return {
    joins: bots.reduce((total, bot) => total + bot.joins, 0),
    joinMs: spread(bots.flatMap((bot) => bot.joinMs)),
    mediaMs: spread(bots.flatMap((bot) => bot.mediaMs)),
    frameMs: spread(bots.flatMap((bot) => bot.frameMs)),
    answerMs: spread(bots.flatMap((bot) => bot.answerMs)),
    ringMs: spread(ringMs),
    messageMs: spread(messages.deliveryMs),
    packets,
    lossPercent: shareLost(packets, lost),
    sound: lossOf(tracks.filter(({ kind }) => kind === 'audio')),
    pictures: lossOf(tracks.filter(({ kind }) => kind === 'video')),
    jitterP95Ms: percentile(jitters, 0.95) ?? 0,
    soundGapMs: Math.max(0, ...bots.map((bot) => bot.soundGapMs)),
    frames: sum((track) => track.frames),
    freezes: sum((track) => track.freezes),
    frozenPercent: percentOf(
      sum((track) => track.frozenMs),
      sum((track) => track.watchedMs),
    ),
    longestFreezeMs: Math.max(0, ...tracks.map((track) => track.longestFreezeMs)),
    keyFrames: sum((track) => track.keyFrames),
    switches: sum((track) => track.switches),
    failures: failures.reduce((total, { times }) => total + times, 0),
    machine: summariseMachine(samples),
    cores: availableParallelism(),
  }
}

function lossOf(tracks: readonly TrackCounts[]): Loss {
  const [packets = 0, lost = 0, repaired = 0] = (['packets', 'lost', 'repaired'] as const).map(
    (key) => tracks.reduce((sum, track) => sum + track[key], 0),
  )
  const percent = (part: number) => percentOf(part, packets + lost)
  return {
    firstPercent: percent(lost + repaired),
    repairedPercent: percent(repaired),
    lostPercent: percent(lost),
  }
}

function summariseMachine(samples: readonly Sample[]): MachineSummary[] {
  const all = samples.flatMap(({ machine }) => machine)
  return [...new Set(all.map(({ name }) => name))].map((name) => {
    const own = all.filter((usage) => usage.name === name)
    const most = (pick: (usage: Usage) => number) => Math.max(...own.map(pick))
    return {
      name,
      cpuPercent: own.reduce((sum, { cpuPercent }) => sum + cpuPercent, 0) / own.length,
      cpuMaxPercent: most(({ cpuPercent }) => cpuPercent),
      threadMaxPercent: most(({ threadPercent }) => threadPercent),
      memoryMaxMb: most((usage) => usage.memoryMb),
    }
  })
}

/** What several bots received, second by second. */
export function addSeconds(bots: readonly BotOutcome[]): Second[] {
  const length = Math.max(0, ...bots.map(({ seconds }) => seconds.length))
  return Array.from({ length }, (_, index) => {
    const sum: Second = { kbps: 0, layers: {} }
    for (const { seconds } of bots) {
      const { kbps, layers } = seconds[index] ?? { kbps: 0, layers: {} }
      sum.kbps += kbps
      for (const [width, count] of Object.entries(layers)) {
        sum.layers[width] = (sum.layers[width] ?? 0) + count
      }
    }
    return sum
  })
}

const percentOf = (part: number, whole: number) => (whole === 0 ? 0 : (part / whole) * 100)

/** Percent of what was sent that never came. */
export function shareLost(received: number, lost: number): number {
  return percentOf(lost, received + lost)
}

/** Same words together, the most frequent first. */
export function group(failures: readonly string[]): Outcome['failures'] {
  const times = new Map<string, number>()
  for (const what of failures) times.set(what, (times.get(what) ?? 0) + 1)
  return [...times]
    .map(([what, count]) => ({ what, times: count }))
    .sort((a, b) => b.times - a.times)
}
