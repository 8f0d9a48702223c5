import { installWebRtc } from '@beseda/client/testing/werift'
import { freePort } from '@beseda/launcher/ports'
import { provideWorker } from '@beseda/launcher/worker/provide'
import { type Bare, startBare } from './bare.ts'
import { withBeseda } from './beseda.ts'
import { type Load, loadBare, loadBeseda, loadJanus } from './forwarding/loads.ts'
import { watchConnections } from './forwarding/receivers.ts'
import { type Round, takeRounds } from './forwarding/rounds.ts'
import { provideJanus, startJanus } from './janus/server.ts'
import { buildFastSrtp } from './janus/srtp.ts'
import { median, medianRange, type Row } from './numbers.ts'
import { workerOf } from './worker-cpu.ts'

const sizes = [20, 50]
const rounds = 11
/** More rounds of those that are near to each other: few tell no 3 % apart. */
const closeRounds = Number(process.env.BENCH_ROUNDS ?? 30)

const names = {
  floor: 'bare mediasoup',
  asked: 'bare mediasoup, asked for as much',
  ours: 'Beseda',
  tuned: 'Janus, one event loop',
  asItComes: 'Janus as it comes',
}
type Side = keyof typeof names

/**
 * CPU per forwarded packet: Beseda's call beside a bare router and Janus's
 * VideoRoom under the same receivers, in turns.
 */
export async function measureForwarding(): Promise<Row[]> {
  installWebRtc()
  const connections = watchConnections()
  const { path } = await provideWorker({ env: process.env })
  const closers: (() => unknown)[] = []
  try {
    const bares: Bare[] = []
    for (let index = 0; index < 2; index++) {
      const bare = await startBare(path, await freePort('127.0.0.1'))
      closers.push(bare.close)
      bares.push(bare)
    }
    const janus = await openJanus(closers)
    const env = { SFU_WORKERS: '1', MEDIASOUP_WORKER_BIN: path }
    return await withBeseda(env, async ({ url, processes }) => {
      const pid = await workerOf(processes.sfu.pid ?? 0)
      const [floor, asked] = bares
      if (!floor || !asked) throw new Error('there is no floor')
      const loads: Partial<Record<Side, Load>> = {
        floor: await loadBare(connections, floor, { asBeseda: false }),
        asked: await loadBare(connections, asked, { asBeseda: true }),
        ours: await loadBeseda(connections, { url, pid, max: Math.max(...sizes) }),
      }
      for (const [side, server] of Object.entries(janus.servers)) {
        loads[side as Side] = await loadJanus(connections, server)
      }
      const rows: Row[] = []
      for (const receivers of sizes) {
        for (const load of Object.values(loads)) await load.growTo(receivers)
        const seen = await takeRounds(loads, rounds)
        const { floor, asked, ours } = loads
        const close = await takeRounds({ floor, asked, ours }, closeRounds)
        for (const [side, more] of Object.entries(close)) seen[side]?.push(...more)
        rows.push(...rowsOf(receivers, seen, janus.note))
      }
      for (const load of Object.values(loads)) await load.close()
      return rows
    })
  } finally {
    for (const close of closers.reverse()) await close()
  }
}

/** Janus as Debian has it, and with what makes it fast; a note where it can't be had, or only in part. */
async function openJanus(closers: (() => unknown)[]) {
  try {
    const path = await provideJanus()
    const srtp = await buildFastSrtp()
    if (srtp) closers.push(srtp.close)
    const tuned = await startJanus(path, { eventLoops: 1, libraryFolder: srtp?.folder })
    closers.push(tuned.close)
    const asItComes = await startJanus(path, {})
    closers.push(asItComes.close)
    return {
      servers: { tuned, asItComes },
      note: srtp ? ', libsrtp on OpenSSL' : ', libsrtp on NSS',
    }
  } catch (error) {
    console.log(`  without Janus: ${error instanceof Error ? error.message : error}`)
    return { servers: {}, note: '' }
  }
}

function rowsOf(receivers: number, seen: Record<string, Round[]>, note: string): Row[] {
  const of = (side: string) => (seen[side] ?? []).map(({ cpu, received }) => cpu / received)
  const titles = Object.entries(names).filter(([side]) => side in seen)
  const rows = titles.map(
    ([side, name]): Row => ({
      what: `${receivers}: ${name}${side === 'tuned' ? note : ''}, CPU per forwarded packet`,
      value: median(of(side)),
      unit: 'µs',
    }),
  )
  const arrived = (seen.ours ?? []).map((round) => round.arrived * 100)
  rows.push({
    what: `${receivers}: arrived at the receivers, Beseda`,
    value: median(arrived),
    unit: '%',
  })
  const goals: [side: Side, goal?: number][] = [
    ['floor', 1.03],
    ['asked'],
    ['tuned', 0.85],
    ['asItComes', 0.45],
  ]
  for (const [side, goal] of goals) {
    if (!(side in seen)) continue
    // Round by round: both of a pair met the same machine.
    const others = of(side)
    const ratios = of('ours')
      .slice(0, others.length)
      .map((cost, round) => cost / (others[round] ?? Number.NaN))
    const { low, high } = medianRange(ratios)
    const what = `${receivers}: Beseda / ${names[side]}`
    rows.push(
      { what, value: median(ratios), unit: '×', ...(goal !== undefined && { goal }) },
      { what: `${what}, 95 % sure: from`, value: low, unit: '×' },
      { what: `${what}, 95 % sure: to`, value: high, unit: '×' },
    )
  }
  return rows
}
