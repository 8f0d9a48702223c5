import { fork } from 'node:child_process'
import { join } from 'node:path'
import { RunError } from './failure.ts'
import { makeMailbox } from './mailbox.ts'
import { type Order, type Report, reportSchema } from './messages.ts'

/** A process of bots, as the one that started it sees it. */
export type BotProcess = {
  tell(order: Order): void
  /**
   * What it says once.
   *
   * @throws RunError when the bots can't go on, ProcessError when it has ended
   */
  take<Type extends Report['type']>(type: Type): Promise<Extract<Report, { type: Type }>>
  /** End it at once, as one that does not answer any more. */
  kill(): void
  /** Have it leave, and wait until it has ended. */
  close(): Promise<void>
}

/** A process ended that was not told to. */
export class ProcessError extends Error {
  override name = 'ProcessError'
}

/** How long a process may take to leave. */
const closeMs = 10_000

const entry = join(import.meta.dirname, 'child.ts')

/** Start a process of bots; it ends with this one at the latest. What it says often goes to `onReport`. */
export function startProcess(onReport: (report: Report) => void): BotProcess {
  const child = fork(entry, [], { execArgv: ['--disable-warning=ExperimentalWarning'] })
  const mailbox = makeMailbox<Report>()
  const exited = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      mailbox.close(new ProcessError(signal ?? `exit code ${code}`))
      resolve()
    })
    child.once('error', ({ message }) => {
      mailbox.close(new ProcessError(message))
      if (child.pid === undefined) resolve()
    })
  })
  child.on('message', (value) => {
    const report = reportSchema.parse(value)
    if (report.type === 'impossible') mailbox.close(new RunError(report.message))
    else mailbox.put(report)
    onReport(report)
  })
  return {
    tell(order) {
      // One that is gone is heard of by what it does not say.
      if (child.connected) child.send(order, () => {})
    },
    take: mailbox.take,
    kill: () => void child.kill('SIGKILL'),
    async close() {
      if (child.connected) child.disconnect()
      const timer = setTimeout(() => child.kill('SIGKILL'), closeMs)
      await exited
      clearTimeout(timer)
    },
  }
}
