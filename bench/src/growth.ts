import { installWebRtc } from '@beseda/client/testing/werift'
import { freePort } from '@beseda/launcher/ports'
import { provideWorker } from '@beseda/launcher/worker/provide'
import { startBare } from './bare.ts'
import { withBeseda } from './beseda.ts'
import { type Load, loadBare, loadBeseda } from './forwarding/loads.ts'
import { watchConnections } from './forwarding/receivers.ts'
import { takeRounds } from './forwarding/rounds.ts'
import { median, type Row } from './numbers.ts'
import { workerOf } from './worker-cpu.ts'

/** People in the call: one sends. */
const sizes = [2, 5, 10, 25, 50, 100]
const rounds = 7
/** How much more or less a receiver may cost than in the middle of all sizes. */
const spreadGoal = 1.1

/**
 * What one more receiver costs as a call grows: the worker's CPU for each
 * packet to a receiver, without what the sender costs alone; beside a
 * bare router that grows as much, in turns.
 */
export async function measureGrowth(): Promise<Row[]> {
  installWebRtc()
  const connections = watchConnections()
  const { path } = await provideWorker({ env: process.env })
  const bare = await startBare(path, await freePort('127.0.0.1'))
  const env = { SFU_WORKERS: '1', MEDIASOUP_WORKER_BIN: path }
  try {
    return await withBeseda(env, async ({ url, processes }) => {
      const pid = await workerOf(processes.sfu.pid ?? 0)
      const floor = await loadBare(connections, bare, { asBeseda: false })
      const ours = await loadBeseda(connections, { url, pid, max: Math.max(...sizes) - 1 })
      const rows = await grow({ floor, ours })
      await floor.close()
      await ours.close()
      return rows
    })
  } finally {
    bare.close()
  }
}

async function grow(loads: Record<'floor' | 'ours', Load>): Promise<Row[]> {
  const alone = await takeRounds(loads, rounds)
  const senderOf = (side: string) => median((alone[side] ?? []).map(({ cpu, sent }) => cpu / sent))
  const senders = { floor: senderOf('floor'), ours: senderOf('ours') }
  const costs: number[] = []
  const rows: Row[] = []
  for (const size of sizes) {
    for (const load of Object.values(loads)) await load.growTo(size - 1)
    const seen = await takeRounds(loads, rounds)
    const eachOf = (side: 'floor' | 'ours') =>
      median(
        (seen[side] ?? []).map(
          ({ cpu, sent, received }) => (cpu - senders[side] * sent) / received,
        ),
      )
    const [floor, ours] = [eachOf('floor'), eachOf('ours')]
    const arrived = (seen.ours ?? []).map((round) => round.arrived * 100)
    costs.push(ours)
    rows.push(
      { what: `of ${size}: a packet to one more, bare mediasoup`, value: floor, unit: 'µs' },
      { what: `of ${size}: a packet to one more, Beseda`, value: ours, unit: 'µs' },
      { what: `of ${size}: arrived, Beseda`, value: median(arrived), unit: '%' },
    )
  }
  const middle = median(costs)
  const dearest = Math.max(...costs) / middle
  const cheapest = Math.min(...costs) / middle
  return [
    { what: 'a packet of the sender alone, bare mediasoup', value: senders.floor, unit: 'µs' },
    { what: 'a packet of the sender alone, Beseda', value: senders.ours, unit: 'µs' },
    ...rows,
    { what: 'dearest size / middle one', value: dearest, unit: '×', goal: spreadGoal },
    { what: 'cheapest size / middle one', value: cheapest, unit: '×' },
  ]
}
