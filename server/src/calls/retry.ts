import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'

const firstPauseMs = 250
const longestPauseMs = 10_000

export type RetryOptions = {
  /** Ends the trying; the last error is thrown. */
  signal: AbortSignal
  log: Logger
  /** What is being tried, for the log. */
  what: string
  /** Errors that would be the same at every try. */
  hopeless?: (error: unknown) => boolean
}

/**
 * Try until it works, with a growing pause in between.
 *
 * @throws the work's error when it is hopeless or the signal ends the trying
 */
export async function retry<Result>(
  work: () => Promise<Result>,
  { signal, log, what, hopeless = () => false }: RetryOptions,
): Promise<Result> {
  let pauseMs = firstPauseMs
  for (;;) {
    const startedAt = Date.now()
    try {
      return await work()
    } catch (error) {
      if (signal.aborted || hopeless(error)) throw error
      if (Date.now() - startedAt > longestPauseMs) pauseMs = firstPauseMs
      log.warn({ err: error, pauseMs }, `${what} failed and is tried again`)
    }
    await sleep(pauseMs / 2 + (Math.random() * pauseMs) / 2, undefined, { signal })
    pauseMs = Math.min(pauseMs * 2, longestPauseMs)
  }
}
