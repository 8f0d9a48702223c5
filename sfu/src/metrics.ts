import { readFile } from 'node:fs/promises'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Peer } from './rooms/peer.ts'
import type { Rooms } from './rooms/rooms.ts'
import type { WorkerPool } from './workers/worker-pool.ts'

export type Metrics = { registry: Registry; joinSeconds: Histogram }

/** What `/metrics` shows; gauges are counted when they are asked for. */
export function makeMetrics(rooms: Rooms, pool: WorkerPool): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const peers = () => rooms.all.flatMap((room) => room.peers)
  const counts = [
    ['sfu_rooms', 'Open rooms', () => rooms.all.length],
    ['sfu_peers', 'Peers in rooms', () => peers().length],
    ['sfu_transports', 'Open WebRTC transports', () => peers().length * 2],
    ['sfu_producers', 'Open producers', () => sum(peers(), (peer) => peer.published.size)],
    ['sfu_consumers', 'Open consumers', () => sum(peers(), (peer) => peer.subscribed.size)],
    ['sfu_workers', 'Media workers alive', () => pool.workers.length],
  ] as const
  for (const [name, help, count] of counts) {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(count())
      },
    })
  }
  new Counter({
    name: 'sfu_worker_cpu_seconds_total',
    help: 'CPU time of each media worker, user and system',
    labelNames: ['pid'],
    registers,
    async collect() {
      const readings = await Promise.all(pool.workers.map(({ worker }) => cpuSeconds(worker)))
      // In one step: two readings at once would else add to each other.
      this.reset()
      for (const { pid, seconds } of readings.flat()) this.inc({ pid }, seconds)
    },
  })
  new Gauge({
    name: 'sfu_worker_resident_memory_bytes',
    help: 'Resident memory of each media worker',
    labelNames: ['pid'],
    registers,
    async collect() {
      this.reset()
      for (const { pid } of pool.workers) {
        const bytes = await residentBytes(pid)
        if (bytes !== null) this.set({ pid: String(pid) }, bytes)
      }
    },
  })
  let measuring: Promise<Traffic> | null = null
  /** Both gauges of one reading share one look at the transports. */
  function traffic(): Promise<Traffic> {
    measuring ??= measure(peers()).finally(() => {
      measuring = null
    })
    return measuring
  }
  new Gauge({
    name: 'sfu_bitrate_bits_per_second',
    help: 'Media over all transports now, by direction as the SFU sees it',
    labelNames: ['direction'],
    registers,
    async collect() {
      const { received, sent } = await traffic()
      this.set({ direction: 'received' }, received)
      this.set({ direction: 'sent' }, sent)
    },
  })
  new Gauge({
    name: 'sfu_packet_loss_ratio',
    help: 'Lost part of the packets (0 to 1), mean over the transports that know it',
    labelNames: ['direction'],
    registers,
    async collect() {
      const { lossReceived, lossSent } = await traffic()
      this.reset()
      if (lossReceived !== null) this.set({ direction: 'received' }, lossReceived)
      if (lossSent !== null) this.set({ direction: 'sent' }, lossSent)
    },
  })
  collectDefaultMetrics({ register: registry })
  const joinSeconds = new Histogram({
    name: 'sfu_join_seconds',
    help: 'Handling of a join, from its frame to its reply',
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5],
    registers,
  })
  return { registry, joinSeconds }
}

/** None of a worker that died meanwhile; the next reading has its successor. */
async function cpuSeconds(worker: WorkerPool['workers'][number]['worker']) {
  try {
    const { ru_utime, ru_stime } = await worker.getResourceUsage()
    return [{ pid: String(worker.pid), seconds: (ru_utime + ru_stime) / 1000 }]
  } catch {
    return []
  }
}

/** Null where the system does not tell. */
async function residentBytes(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]
  return kilobytes === undefined ? null : Number(kilobytes) * 1024
}

type Traffic = {
  /** Bits per second. */
  received: number
  sent: number
  /** 0 to 1; null while no transport knows. */
  lossReceived: number | null
  lossSent: number | null
}

/** What goes over the transports of these peers; the client sends on `send`. */
async function measure(peers: Peer[]): Promise<Traffic> {
  const stats = async (transport: Peer['transports']['send']) =>
    transport.closed ? [] : transport.getStats().catch(() => [])
  const [up, down] = await Promise.all([
    Promise.all(peers.map(({ transports }) => stats(transports.send))),
    Promise.all(peers.map(({ transports }) => stats(transports.recv))),
  ])
  return {
    received: sum(up.flat(), (stat) => stat.recvBitrate),
    sent: sum(down.flat(), (stat) => stat.sendBitrate),
    lossReceived: mean(up.flat().flatMap((stat) => stat.rtpPacketLossReceived ?? [])),
    lossSent: mean(down.flat().flatMap((stat) => stat.rtpPacketLossSent ?? [])),
  }
}

const mean = (values: number[]): number | null =>
  values.length === 0 ? null : sum(values, (value) => value) / values.length

function sum<Item>(items: Item[], count: (item: Item) => number): number {
  return items.reduce((total, item) => total + count(item), 0)
}
