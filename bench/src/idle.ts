import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { withPostgres } from '@beseda/launcher/testing/postgres'
import pg from 'pg'
import { withBeseda } from './beseda.ts'
import type { Row } from './numbers.ts'
import { startChild } from './sockets/child.ts'
import { jwtSecret, makeRoom, openEventSockets, untilCalm, writeCrowd } from './sockets/crowd.ts'
import type { Listeners } from './sockets/listeners.ts'
import { cpuOf } from './worker-cpu.ts'

const sockets = 10_000
/** A group is as large as groups may be: each hears of the others' coming. */
const groupSize = 100
/** Processes that hold the other ends. */
const processes = 2
/** The memory is what it is after so long without anything but heartbeats, in ms. */
const restMs = 35_000

/**
 * Ten thousand people, each with an event socket and nothing to say, at one
 * server process: its memory before and after, and its CPU while they are idle.
 */
export function measureIdle(): Promise<Row[]> {
  return withPostgres((databaseUrl) =>
    withBeseda({ DATABASE_URL: databaseUrl, JWT_SECRET: jwtSecret }, async (beseda) => {
      const pid = beseda.processes.server.pid ?? 0
      const holders = Array.from({ length: processes }, () => startChild<Listeners>('listeners.ts'))
      const client = new pg.Client({ connectionString: databaseUrl })
      await client.connect()
      try {
        const faces = await writeCrowd(client, sockets)
        for (let at = 0; at < faces.length; at += groupSize) {
          await makeRoom(client, beseda.url, 'group', faces.slice(at, at + groupSize))
        }
        const empty = await residentMb(pid)
        await Promise.all(
          holders.map((holder, index) =>
            openEventSockets(
              holder,
              beseda.url,
              faces.filter((_, at) => at % processes === index),
            ),
          ),
        )
        for (const holder of holders) await untilCalm(holder)
        const busy = await residentMb(pid)
        const [begin, cpu] = [performance.now(), await cpuOf(pid)]
        await pause(restMs)
        const idle = await residentMb(pid)
        const share = Number((await cpuOf(pid)) - cpu) / 1e6 / (performance.now() - begin)
        return [
          { what: 'the server before the first', value: empty, unit: 'MB' },
          { what: `with ${sockets}, all just in`, value: busy, unit: 'MB' },
          { what: `with ${sockets}, idle`, value: idle, unit: 'MB', goal: 300 },
          { what: 'for each', value: ((idle - empty) * 1024) / sockets, unit: 'KB' },
          { what: 'CPU while they are idle, of one core', value: share * 100, unit: '%' },
        ]
      } finally {
        await client.end()
        for (const holder of holders) await holder.close()
      }
    }),
  )
}

/** What a process has in memory now, in MB of 1,024 KB. */
async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024
}
