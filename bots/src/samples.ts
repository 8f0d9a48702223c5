import type { Usage } from './machine.ts'
import type { Share } from './messages.ts'
import { type ProcessUsage, percentile, type Sample, type Second, shareLost } from './outcome.ts'

type SamplesOptions = {
  /** The bots of each process, by their index. */
  hands: readonly (readonly number[])[]
  /** What server and SFU take. */
  machine(): Promise<Usage[]>
  onSample(sample: Sample): void
}

const nothing: Second = { kbps: 0, layers: {} }

/** Puts what the processes see together: a sample is there when all that live have told theirs. */
export function makeSamples({ hands, machine, onSample }: SamplesOptions) {
  const samples: Sample[] = []
  const seconds: Second[][] = hands.flat().map(() => [])
  const processes = hands.map(() => ({ waiting: [] as Share[], over: false }))
  const totals = hands.map(() => ({ packets: 0, lost: 0, freezes: 0, failures: 0 }))
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

  function advance() {
    while (
      processes.every(({ waiting, over }) => over || waiting.length > 0) &&
      processes.some(({ waiting }) => waiting.length > 0)
    ) {
      const nth = samples.length + 1
      // One that was too late for a second tells of the next what it knows of both.
      const shares = processes.map(({ waiting }) => waiting[0] ?? null)
      for (const { waiting } of processes) if (waiting[0] && waiting[0].nth <= nth) waiting.shift()
      add(nth, shares)
    }
  }

  function add(nth: number, shares: readonly (Share | null)[]) {
    const before = sumOf(totals)
    for (const [process, share] of shares.entries()) {
      if (share) totals[process] = share
      for (const [place, bot] of (hands[process] ?? []).entries()) {
        seconds[bot]?.push(share?.seconds[place] ?? nothing)
      }
    }
    const now = sumOf(totals)
    const all = shares.filter((share) => share !== null)
    const received = all.flatMap((share) => share.seconds)
    const sample: Sample = {
      at: nth,
      joined: all.reduce((sum, { joined }) => sum + joined, 0),
      failures: now.failures,
      kbps: received.reduce((sum, { kbps }) => sum + kbps, 0),
      // What came late after all makes up for losses of the second before.
      lossPercent: shareLost(now.packets - before.packets, Math.max(0, now.lost - before.lost)),
      jitterMs:
        percentile(
          all.flatMap((share) => share.jitterMs),
          0.95,
        ) ?? 0,
      lagMs: Math.max(0, ...all.map(({ lagMs }) => lagMs)),
      mediaMs: percentile(
        all.flatMap(({ mediaMs }) => mediaMs),
        0.5,
      ),
      freezes: now.freezes - before.freezes,
      machine: usage,
      processes: shares.map((share) => (share === null ? null : usageOf(share))),
    }
    samples.push(sample)
    onSample(sample)
    void readMachine()
  }

  return {
    samples,
    /** What each bot received in the second of each sample. */
    seconds,
    take(process: number, share: Share) {
      processes[process]?.waiting.push(share)
      advance()
    },
    /** Nothing comes of this process any more. */
    end(process: number) {
      const ended = processes[process]
      if (ended) ended.over = true
      advance()
    },
  }
}

const usageOf = ({ cpuPercent, memoryMb, lagMs }: Share): ProcessUsage => ({
  cpuPercent,
  memoryMb,
  lagMs,
})

function sumOf(totals: readonly Pick<Share, 'packets' | 'lost' | 'freezes' | 'failures'>[]) {
  const sums = { packets: 0, lost: 0, freezes: 0, failures: 0 }
  for (const { packets, lost, freezes, failures } of totals) {
    sums.packets += packets
    sums.lost += lost
    sums.freezes += freezes
    sums.failures += failures
  }
  return sums
}
