import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Heard } from './in-call.ts'
import { percentile, type Sample, shareLost } from './outcome.ts'

/** What stands at one moment. */
export type Standing = {
  joined: number
  failures: number
  /** From asking to join to media so far, ms. */
  mediaMs: readonly number[]
  /** What the bots of each call have received so far, those that left included. */
  calls: readonly (readonly Heard[])[]
}

export type Sampler = {
  samples: Sample[]
  /** 99th percentile of how late timers were over the whole run, ms. */
  lagMs(): number
  cpuPercent(): number
  close(): void
}

const everyMs = 1_000
/** How fine the clock of the lag ticks, ms; it is no lag. */
const resolution = 10

/** Take a sample each second, until closed; `onSample` hears of each. */
export function startSampling(look: () => Standing, onSample: (sample: Sample) => void): Sampler {
  const startedAt = performance.now()
  const cpuBefore = process.cpuUsage()
  const whole = monitorEventLoopDelay({ resolution })
  const second = monitorEventLoopDelay({ resolution })
  whole.enable()
  second.enable()
  const samples: Sample[] = []
  let before = { at: startedAt, packets: 0, lost: 0, bytes: [] as number[] }

  function take() {
    const standing = look()
    const now = performance.now()
    const seconds = (now - before.at) / 1000
    const counts = standing.calls.map((heard) => heard.map(({ counter }) => counter.counts()))
    const all = counts.flat()
    const bytes = counts.map((call) => call.reduce((sum, track) => sum + track.bytes, 0))
    const packets = all.reduce((sum, track) => sum + track.packets, 0)
    const lost = all.reduce((sum, track) => sum + track.lost, 0)
    const callKbps = bytes.map(
      (count, call) => ((count - (before.bytes[call] ?? 0)) * 8) / 1000 / seconds,
    )
    const sample: Sample = {
      at: (now - startedAt) / 1000,
      joined: standing.joined,
      failures: standing.failures,
      kbps: callKbps.reduce((sum, kbps) => sum + kbps, 0),
      // What came late after all makes up for losses of the second before.
      lossPercent: shareLost(packets - before.packets, Math.max(0, lost - before.lost)),
      jitterMs:
        percentile(
          all.filter(({ packets }) => packets > 1).map(({ jitterMs }) => jitterMs),
          0.95,
        ) ?? 0,
      lagMs: lagOf(second),
      mediaMs: percentile(standing.mediaMs, 0.5),
      callKbps,
    }
    second.reset()
    before = { at: now, packets, lost, bytes }
    samples.push(sample)
    onSample(sample)
  }

  const timer = setInterval(take, everyMs)
  return {
    samples,
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

const lagOf = (histogram: ReturnType<typeof monitorEventLoopDelay>) =>
  histogram.count === 0 ? 0 : Math.max(0, histogram.percentile(99) / 1e6 - resolution)
