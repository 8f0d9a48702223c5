import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { rootDir } from './root.ts'
import { StartError } from './start-error.ts'

/**
 * A child process of the launcher.
 *
 * The contract with a child, over the channel that `fork` opens:
 * - it sends `{ type: 'ready' }` with `process.send` once it listens;
 * - when it can't start (a setting, a port, the database) it prints one sentence
 *   on stderr and exits with code 1;
 * - on SIGTERM it finishes what it is doing and exits;
 * - on `process.on('disconnect')` it does the same: the launcher is gone, killed
 *   perhaps, and nobody else will stop it.
 */
export type ChildSpec = {
  name: string
  /** The file that Node runs. */
  script: string
  env: NodeJS.ProcessEnv
  /** Gets every line of stdout and stderr. */
  onLine?: (line: string, stream: 'stdout' | 'stderr') => void
  /** Gets one sentence when the child dies and when it is back. */
  onEvent?: (sentence: string) => void
  /** Where a person finds more, named in the sentence of a crash at start. */
  logFile?: string
  /** Gives up a start that is not ready yet. */
  signal?: AbortSignal
}

/** Milliseconds; tests make them shorter. */
export type Patience = {
  firstPause: number
  longestPause: number
  /** A child that lived this long starts with the first pause again. */
  settled: number
  /** From SIGTERM to SIGKILL. */
  stop: number
  /** From the start to `ready`. */
  start: number
}

/** How a process ended. */
export type End = { code: number | null; signal: NodeJS.Signals | null }

/** One run of a child, from its start to its end. */
export type Run = {
  process: ChildProcess
  exited: Promise<End>
  ready: Promise<void>
  wasReady: boolean
  /** It was told to exit. */
  expected: boolean
  /** Its last lines on stderr. */
  complaint: string[]
}

/** Where Node keeps what it has compiled: a second start is sooner, and some 30 MB smaller. */
const compileCache = join(rootDir, 'node_modules', '.cache', 'compiled')

/** Start the process. */
export function spawnChild(spec: ChildSpec): Run {
  const child = fork(spec.script, [], {
    env: { NODE_COMPILE_CACHE: compileCache, ...spec.env },
    execArgv: [
      '--disable-warning=ExperimentalWarning',
      // What is new fits a CPU's cache: 100 MB less, and no slower (see docs/performance.md).
      '--max-semi-space-size=8',
      '--import',
      join(import.meta.dirname, 'leash.ts'),
    ],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // A group of its own: Ctrl-C in the terminal reaches the launcher alone, which
    // then stops the children in order.
    detached: true,
  })
  const complaint: string[] = []
  const drained: Promise<unknown>[] = []
  for (const stream of ['stdout', 'stderr'] as const) {
    const input = child[stream]
    if (!input) continue
    const lines = createInterface({ input })
    drained.push(once(lines, 'close'))
    lines.on('line', (line) => {
      spec.onLine?.(line, stream)
      if (stream === 'stderr' && line.trim() !== '') {
        complaint.push(line)
        if (complaint.length > 30) complaint.shift()
      }
    })
  }
  const exited = new Promise<End>((resolve) => {
    child.once('exit', (code, signal) => {
      // Whatever it had started (mediasoup's workers) goes with it.
      killGroup(child)
      void Promise.all(drained).then(() => resolve({ code, signal }))
    })
    child.once('error', () => {
      if (child.pid === undefined) resolve({ code: 127, signal: null })
    })
  })
  const ready = new Promise<void>((resolve) => {
    child.on('message', (message) => {
      if (isReady(message)) resolve()
    })
  })
  return { process: child, exited, ready, wasReady: false, expected: false, complaint }
}

function isReady(message: unknown): boolean {
  return (
    typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready'
  )
}

/**
 * Wait for the child's word that it is ready.
 *
 * @throws StartError when it ends or stays silent, or the start is given up
 */
export async function becomesReady(run: Run, spec: ChildSpec, patience: Patience): Promise<void> {
  const enough = new AbortController()
  const signal = AbortSignal.any([enough.signal, ...(spec.signal ? [spec.signal] : [])])
  const silence = sleep(patience.start, 'silent' as const, { signal, ref: false })
  const outcome = await Promise.race([run.ready, run.exited, silence]).catch(
    () => 'given up' as const,
  )
  enough.abort()
  silence.catch(() => {})
  if (outcome === undefined) return
  if (outcome === 'given up') {
    await endRun(run, patience.stop)
    throw new StartError(`The start of the ${spec.name} was given up.`)
  }
  if (outcome === 'silent') {
    killGroup(run.process)
    throw new StartError(
      `The ${spec.name} did not become ready in ${patience.start / 1000} s${seeLog(spec)}.`,
    )
  }
  throw new StartError(explain(run, outcome, spec))
}

/** A child that fails as agreed has said it all in a sentence; a crash has not. */
function explain(run: Run, end: End, spec: ChildSpec): string {
  const crashed = run.complaint.some((line) => /^\s+at /.test(line))
  if (end.code === 1 && run.complaint.length > 0 && !crashed) return run.complaint.join('\n')
  const error = run.complaint.find((line) => /^\S*Error\b/.test(line)) ?? run.complaint.at(-1)
  const what = error ? `: ${error.trim()}` : ''
  return `The ${spec.name} could not start (${describeEnd(end)})${what}${seeLog(spec)}.`
}

function seeLog(spec: ChildSpec): string {
  return spec.logFile ? `; its log is ${spec.logFile}` : ''
}

/** `exit code 1`, `signal SIGKILL`. */
export function describeEnd({ code, signal }: End): string {
  return signal ? `signal ${signal}` : `exit code ${code}`
}

/** Ask it to stop, and kill it with all that it started when it does not. */
export async function endRun(run: Run, patienceMs: number): Promise<void> {
  run.process.kill('SIGTERM')
  const timer = setTimeout(() => killGroup(run.process), patienceMs)
  await run.exited
  clearTimeout(timer)
}

/** Kill the child and whatever it has started. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // The group is empty already.
  }
}
