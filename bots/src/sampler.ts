import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { TrackCounts } from './counter.ts'
import type { Heard } from './in-call.ts'
import type { Usage } from './machine.ts'
import { type Layers, percentile, type Sample, type Second, shareLost } from './outcome.ts'

/** What stands at one moment. */
export type Standing = {
  joined: number
  failures: number
  /** From asking to join to media so far, ms. */
  mediaMs: readonly number[]
  /** What each bot has received so far, in calls that it left included. */
  bots: readonly (readonly Heard[])[]
}

export type Sampler = {
  samples: Sample[]
  /** What each bot received in the second of each sample. */
  seconds: Second[][]
  /** 99th percentile of how late timers were over the whole run, ms. */
  lagMs(): number
  cpuPercent(): number
  close(): void
}

export type SamplerOptions = {
  look(): Standing
  /** What server and SFU take. */
  machine(): Promise<Usage[]>
  onSample(sample: Sample): void
}

const everyMs = 1_000
/** How fine the clock of the lag ticks, ms; it is no lag. */
const resolution = 10

/** Take a sample each second, until closed. */
export function startSampling({ look, machine, onSample }: SamplerOptions): Sampler {
  const startedAt = performance.now()
  const cpuBefore = process.cpuUsage()
  const whole = monitorEventLoopDelay({ resolution })
  const second = monitorEventLoopDelay({ resolution })
  whole.enable()
  second.enable()
  const samples: Sample[] = []
  const seconds: Second[][] = look().bots.map(() => [])
  let before = { at: startedAt, ...totals([]) }
  let tracksBefore: TrackCounts[][] = []
  let usage: Usage[] = []
  let reading = false
  void readMachine()

  /** Beside the samples, so that none waits for it; a machine that can't be read is left out. */
  async function readMachine() {
    if (reading) return
    reading = true
    usage = await machine().catch(() => [])
    reading = false
  }

  function take() {
    const standing = look()
    const now = performance.now()
    const span = (now - before.at) / 1000
    const tracks = standing.bots.map((heard) => heard.map(({ counter }) => counter.counts()))
    const all = tracks.flat()
    const sums = totals(all)
    const received = tracks.map((own, bot) => secondOf(own, tracksBefore[bot] ?? [], span))
    for (const [bot, one] of received.entries()) seconds[bot]?.push(one)
    const jitters = all.filter(({ packets }) => packets > 1).map(({ jitterMs }) => jitterMs)
    const sample: Sample = {
      at: (now - startedAt) / 1000,
      joined: standing.joined,
      failures: standing.failures,
      kbps: received.reduce((sum, { kbps }) => sum + kbps, 0),
      // What came late after all makes up for losses of the second before.
      lossPercent: shareLost(sums.packets - before.packets, Math.max(0, sums.lost - before.lost)),
      jitterMs: percentile(jitters, 0.95) ?? 0,
      lagMs: lagOf(second),
      mediaMs: percentile(standing.mediaMs, 0.5),
      freezes: sums.freezes - before.freezes,
      machine: usage,
    }
    second.reset()
    before = { at: now, ...sums }
    tracksBefore = tracks
    samples.push(sample)
    onSample(sample)
    void readMachine()
  }

  const timer = setInterval(take, everyMs)
  return {
    samples,
    seconds,
    lagMs: () => lagOf(whole),
    cpuPercent() {
      const { user, system } = process.cpuUsage(cpuBefore)
      return (user + system) / 10 / (performance.now() - startedAt)
    },
    close() {
      clearInterval(timer)
      whole.disable()
      second.disable()
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
