import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { TrackCounts } from './counter.ts'
import type { Heard } from './in-call.ts'
import type { Share } from './messages.ts'
import type { Layers, Second } from './outcome.ts'

/** What stands at one moment in one process. */
export type Standing = {
  joined: number
  failures: number
  /** From asking to join to media so far, ms. */
  mediaMs: number[]
  /** What each of its bots has received so far, in calls that it left included. */
  bots: readonly (readonly Heard[])[]
}

export type Sampler = {
  /** 99th percentile of how late timers were over the whole run, ms. */
  lagMs(): number
  /** Of one core. */
  cpuPercent(): number
  close(): void
}

export type SamplerOptions = {
  /** When the run begins, by `performance.now()`. */
  start: number
  look(): Standing
  onShare(share: Share): void
}

const everyMs = 1_000
/** How fine the clock of the lag ticks, ms; it is no lag. */
const resolution = 10

/** Look at this process's bots each second of the run, until closed. */
export function startSampling({ start, look, onShare }: SamplerOptions): Sampler {
  const startedAt = performance.now()
  const whole = monitorEventLoopDelay({ resolution })
  const second = monitorEventLoopDelay({ resolution })
  whole.enable()
  second.enable()
  const cpuOfAll = measureCpu()
  let cpu = measureCpu()
  let lookedAt = startedAt
  let tracksBefore: TrackCounts[][] = []
  let nth = 1
  let timer = setTimeout(take, start + everyMs - performance.now())

  function take() {
    const { joined, failures, mediaMs, bots } = look()
    const now = performance.now()
    const span = (now - lookedAt) / 1000
    const tracks = bots.map((heard) => heard.map(({ counter }) => counter.counts()))
    const all = tracks.flat()
    onShare({
      nth,
      joined,
      failures,
      mediaMs,
      seconds: tracks.map((own, bot) => secondOf(own, tracksBefore[bot] ?? [], span)),
      ...totals(all),
      jitterMs: all.filter(({ packets }) => packets > 1).map(({ jitterMs }) => jitterMs),
      lagMs: lagOf(second),
      cpuPercent: cpu.percent(),
      memoryMb: process.memoryUsage.rss() / 2 ** 20,
    })
    second.reset()
    cpu = measureCpu()
    lookedAt = now
    tracksBefore = tracks
    // On the run's own clock, so that all processes mean the same seconds.
    nth = Math.max(nth, Math.floor((now - start) / everyMs)) + 1
    timer = setTimeout(take, start + nth * everyMs - performance.now())
  }

  return {
    lagMs: () => lagOf(whole),
    cpuPercent: () => cpuOfAll.percent(),
    close() {
      clearTimeout(timer)
      whole.disable()
      second.disable()
    },
  }
}

/** What this process takes of one core, from now on. */
export function measureCpu() {
  const at = performance.now()
  const before = process.cpuUsage()
  return {
    percent() {
      const { user, system } = process.cpuUsage(before)
      return (user + system) / 10 / (performance.now() - at)
    },
  }
}

function totals(tracks: readonly TrackCounts[]) {
  const sums = { packets: 0, lost: 0, freezes: 0 }
  for (const { packets, lost, freezes } of tracks) {
    sums.packets += packets
    sums.lost += lost
    sums.freezes += freezes
  }
  return sums
}

/** What one bot received since the last look; tracks only become more. */
function secondOf(tracks: TrackCounts[], before: TrackCounts[], span: number): Second {
  const layers: Layers = {}
  let bytes = 0
  for (const [index, track] of tracks.entries()) {
    const came = track.bytes - (before[index]?.bytes ?? 0)
    bytes += came
    if (came === 0 || track.width === null) continue
    layers[track.width] = (layers[track.width] ?? 0) + 1
  }
  return { kbps: (bytes * 8) / 1000 / span, layers }
}

const lagOf = (histogram: ReturnType<typeof monitorEventLoopDelay>) =>
  histogram.count === 0 ? 0 : Math.max(0, histogram.percentile(99) / 1e6 - resolution)
