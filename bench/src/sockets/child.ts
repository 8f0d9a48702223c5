import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'

type Ask = { id: number; name: string; body: unknown }
type Answer = { id: number; answer?: unknown; error?: string }

/** What a child process can be asked, by name. Both ends are this benchmark: bodies are not checked. */
export type Handlers = Record<string, (body: never) => unknown>

/** A process of its own that answers to `Served`. */
export type Child<Served extends Handlers> = {
  pid: number
  ask<Name extends keyof Served & string>(
    name: Name,
    ...body: Parameters<Served[Name]>
  ): Promise<Awaited<ReturnType<Served[Name]>>>
  close(): Promise<void>
}

/** Start a script of this folder as a process of its own. It ends with this process at the latest. */
export function startChild<Served extends Handlers>(
  script: string,
  args: readonly string[] = [],
): Child<Served> {
  const process = fork(join(import.meta.dirname, script), args)
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  let asked = 0
  process.on('message', ({ id, answer, error }: Answer) => {
    const promise = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) promise?.resolve(answer)
    else promise?.reject(new Error(error))
  })
  process.once('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error(`${script} has ended`))
  })
  return {
    pid: process.pid ?? 0,
    ask(name, ...[body]) {
      const promise = Promise.withResolvers<unknown>()
      waiting.set(++asked, promise)
      process.send({ id: asked, name, body } satisfies Ask)
      return promise.promise as Promise<never>
    },
    close: () => ended(process),
  }
}

async function ended(process: ChildProcess) {
  if (process.exitCode !== null || process.signalCode !== null) return
  const exited = new Promise((resolve) => process.once('exit', resolve))
  process.kill()
  await exited
}

/** The child's end: answer until the parent is gone. */
export function serve(handlers: Handlers): void {
  process.on('message', ({ id, name, body }: Ask) => {
    Promise.resolve()
      .then(() => handlers[name]?.(body as never))
      .then((answer): Answer => ({ id, answer }))
      .catch((error): Answer => ({ id, error: String(error) }))
      .then((answer) => process.send?.(answer))
  })
  process.once('disconnect', () => process.exit())
}
