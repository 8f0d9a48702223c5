import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export type RunOptions = {
  cwd?: string
  env?: NodeJS.ProcessEnv
  /** Killed after so many milliseconds. */
  timeoutMs?: number
  signal?: AbortSignal | undefined
  /** Called with each line of stdout and stderr. */
  onLine?: (line: string) => void
}

/** How a command ended: its exit code (null when a signal ended it) and last lines. */
export type RunResult = { code: number | null; tail: string }

/**
 * Run a command to its end. A command that can't be started counts as one that
 * ended with 127, as in a shell.
 */
export function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  return new Promise((resolve) => {
    const tail: string[] = []
    const child = start(command, args, options)
    if (child instanceof Error) return resolve({ code: 127, tail: child.message })
    const take = (line: string) => {
      tail.push(line)
      if (tail.length > 12) tail.shift()
      options.onLine?.(line)
    }
    createInterface({ input: child.stdout }).on('line', take)
    createInterface({ input: child.stderr }).on('line', take)
    const timer = options.timeoutMs
      ? setTimeout(() => child.kill('SIGKILL'), options.timeoutMs)
      : undefined
    const end = (code: number | null) => {
      clearTimeout(timer)
      resolve({ code, tail: tail.join('\n') })
    }
    child.on('error', (error) => {
      take(error.message)
      // 'close' never comes for a command that did not start.
      if (child.pid === undefined) end(127)
    })
    child.on('close', end)
  })
}

/** Some failures to start are thrown at once, others come as an event. */
function start(command: string, args: readonly string[], options: RunOptions) {
  try {
    return spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: options.signal,
      killSignal: 'SIGTERM',
    })
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
