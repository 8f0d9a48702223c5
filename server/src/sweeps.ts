import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'

/** Milliseconds until the first round, and between two. */
const firstAfterMs = 60_000
const everyMs = 3_600_000

/** Work that removes what is over; servers may do it at the same time. */
export type Sweep = { what: string; work: (signal: AbortSignal) => Promise<void> }

/** Do each now and then until closed; one that fails keeps no other from its turn. */
export function runSweeps(sweeps: Sweep[], log: Logger) {
  const closing = new AbortController()
  const { signal } = closing
  const pause = (ms: number) => sleep(ms, undefined, { signal }).catch(() => {})
  async function loop() {
    await pause(firstAfterMs)
    while (!signal.aborted) {
      for (const { what, work } of sweeps) {
        await work(signal).catch((err) => log.warn({ err, what }, 'a sweep failed'))
      }
      await pause(everyMs)
    }
  }
  const running = loop()
  return {
    async close() {
      closing.abort()
      await running
    },
  }
}
