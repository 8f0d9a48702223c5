import { Gauge, Histogram, Registry } from 'prom-client'
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
  new Gauge({
    name: 'sfu_worker_cpu_seconds_total',
    help: 'CPU time of each media worker, user and system',
    labelNames: ['pid'],
    registers,
    async collect() {
      this.reset()
      await Promise.all(pool.workers.map(({ worker }) => setCpu(this, worker)))
    },
  })
  const joinSeconds = new Histogram({
    name: 'sfu_join_seconds',
    help: 'Handling of a join, from its frame to its reply',
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5],
    registers,
  })
  return { registry, joinSeconds }
}

async function setCpu(gauge: Gauge<'pid'>, worker: WorkerPool['workers'][number]['worker']) {
  try {
    const { ru_utime, ru_stime } = await worker.getResourceUsage()
    gauge.set({ pid: String(worker.pid) }, (ru_utime + ru_stime) / 1000)
  } catch {
    // It died meanwhile; the next reading has its successor.
  }
}

function sum<Item>(items: Item[], count: (item: Item) => number): number {
  return items.reduce((total, item) => total + count(item), 0)
}
