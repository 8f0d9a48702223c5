import { setTimeout as sleep } from 'node:timers/promises'
import {
  becomesReady,
  type ChildSpec,
  describeEnd,
  endRun,
  killGroup,
  type Patience,
  type Run,
  spawnChild,
} from './child.ts'

export type { ChildSpec, Patience } from './child.ts'

export const defaultPatience: Patience = {
  firstPause: 500,
  longestPause: 30_000,
  settled: 60_000,
  stop: 10_000,
  start: 120_000,
}

export type SupervisedChild = {
  name: string
  /** Nothing while it is down. */
  readonly pid: number | undefined
  /** Resolves as soon as the child is up and ready: at once, or after its next start. */
  ready(): Promise<void>
  /** Send a signal and wait until the process is gone. It is started again. */
  kill(signal?: NodeJS.Signals): Promise<void>
  /** Stop it in peace, start it again, wait until it is ready. */
  restart(): Promise<void>
  /** Stop it for good: SIGTERM, and SIGKILL to what is left. Idempotent. */
  stop(): Promise<void>
  /** SIGKILL, now, for good. */
  abort(): void
}

/**
 * Start a child and wait until it is ready; from then on one that dies is started
 * again after a pause, which grows while it keeps dying.
 *
 * @throws StartError when it ends or stays silent before it was ready for the first time
 */
export async function supervise(
  spec: ChildSpec,
  patience: Patience = defaultPatience,
): Promise<SupervisedChild> {
  let current: Run | undefined
  let stopping: Promise<void> | undefined
  let pause = patience.firstPause
  const waiting = new AbortController()
  let readyAgain = Promise.withResolvers<void>()

  const begin = async (): Promise<void> => {
    const run = spawnChild(spec)
    const startedAt = Date.now()
    current = run
    void run.exited.then((end) => {
      current = undefined
      if (run.wasReady) readyAgain = Promise.withResolvers()
      if (Date.now() - startedAt >= patience.settled) pause = patience.firstPause
      if (everReady && !stopping && !run.expected) void again(describeEnd(end))
    })
    await becomesReady(run, spec, patience)
    run.wasReady = true
    readyAgain.resolve()
  }

  const again = async (reason: string) => {
    const wait = pause
    pause = Math.min(pause * 2, patience.longestPause)
    spec.onEvent?.(
      `The ${spec.name} stopped (${reason}) and is started again in ${Number((wait / 1000).toFixed(1))} s.`,
    )
    await sleep(wait, undefined, { signal: waiting.signal }).catch(() => {})
    // Somebody may have started it meanwhile.
    if (stopping || current) return
    // One that fails is told of, and tried again, when it exits.
    await begin().then(
      () => spec.onEvent?.(`The ${spec.name} is running again.`),
      () => {},
    )
  }

  let everReady = false
  await begin()
  everReady = true

  return {
    name: spec.name,
    get pid() {
      return current?.process.pid
    },
    ready: () => readyAgain.promise,
    kill: async (signal = 'SIGKILL') => {
      const run = current
      run?.process.kill(signal)
      await run?.exited
    },
    restart: async () => {
      const run = current
      if (run) {
        run.expected = true
        await endRun(run, patience.stop)
      }
      await begin()
    },
    stop: () => {
      stopping ??= (async () => {
        waiting.abort()
        if (current) await endRun(current, patience.stop)
      })()
      return stopping
    },
    abort: () => {
      stopping ??= Promise.resolve()
      waiting.abort()
      if (current) killGroup(current.process)
    },
  }
}
