import type { TrackCounts } from './counter.ts'

/** What one bot came to. */
export type BotOutcome = {
  name: string
  /** The name of its call, null for one that only chatted. */
  call: string | null
  joins: number
  /** Milliseconds from asking to being in, of each join. */
  joinMs: number[]
  /** Milliseconds from asking to the first packet, of each join to somebody who sent. */
  mediaMs: number[]
  /** Milliseconds from asking to the first key frame of a picture. */
  pictureMs: number[]
  tracks: TrackCounts[]
  soundGapMs: number
  failures: string[]
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
  /** 99th percentile of how late this process's own timers were. */
  lagMs: number
  /** Median from asking to join to media so far; null before the first. */
  mediaMs: number | null
  /** Received in each call. */
  callKbps: number[]
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
  /** 99th percentile of how late this process's own timers were, ms. */
  lagMs: number
  /** Share of one core that this process used. */
  cpuPercent: number
}

export type Spread = { p50: number; p95: number; p99: number }

/** Figures of all bots together. */
export type Summary = {
  joins: number
  joinMs: Spread | null
  mediaMs: Spread | null
  pictureMs: Spread | null
  ringMs: Spread | null
  messageMs: Spread | null
  packets: number
  lossPercent: number
  jitterP95Ms: number
  soundGapMs: number
  keyFrames: number
  switches: number
  failures: number
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

export function summarise({ bots, ringMs, messages, failures }: Outcome): Summary {
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
    pictureMs: spread(bots.flatMap((bot) => bot.pictureMs)),
    ringMs: spread(ringMs),
    messageMs: spread(messages.deliveryMs),
    packets,
    lossPercent: shareLost(packets, lost),
    jitterP95Ms: percentile(jitters, 0.95) ?? 0,
    soundGapMs: Math.max(0, ...bots.map((bot) => bot.soundGapMs)),
    keyFrames: sum((track) => track.keyFrames),
    switches: sum((track) => track.switches),
    failures: failures.reduce((total, { times }) => total + times, 0),
  }
}

/** Percent of what was sent that never came. */
export function shareLost(received: number, lost: number): number {
  return received + lost === 0 ? 0 : (lost / (received + lost)) * 100
}

/** Same words together, the most frequent first. */
export function group(failures: readonly string[]): Outcome['failures'] {
  const times = new Map<string, number>()
  for (const what of failures) times.set(what, (times.get(what) ?? 0) + 1)
  return [...times]
    .map(([what, count]) => ({ what, times: count }))
    .sort((a, b) => b.times - a.times)
}
