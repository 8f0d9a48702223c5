import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv6, type Socket, connect as tcpConnect } from 'node:net'
import { connect as tlsConnect } from 'node:tls'

export type WireKind = 'udp' | 'tcp' | 'tls'

/** How messages are told apart on a stream: the bytes of the first one, header included. */
export type Framing = {
  wrap(message: Buffer): Buffer
  /** The first message in `bytes` and what follows it; undefined while it is not whole. */
  unwrap(bytes: Buffer): { message: Buffer; rest: Buffer } | undefined
}

/** A way to somebody that carries messages. */
export type Wire = {
  send(message: Buffer): void
  /** Called with each message that comes. */
  onMessage(listener: (message: Buffer) => void): void
  close(): void
}

export type WireOptions = {
  kind: WireKind
  host: string
  port: number
  framing: Framing
  timeoutMs: number
}

/**
 * Open a way to `host`. Over UDP that always works, whether somebody is there or not.
 *
 * @throws when nobody listens, or does not answer in time
 */
export async function openWire(options: WireOptions): Promise<Wire> {
  return options.kind === 'udp' ? openDatagrams(options) : openStream(options)
}

/** A socket that sends to one address and hears whoever answers. */
export function openDatagrams({ host, port }: Pick<WireOptions, 'host' | 'port'>): Wire {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
  // A closed port may be told of; silence says the same.
  socket.on('error', () => {})
  return {
    send: (message) => socket.send(message, port, host, () => {}),
    onMessage: (listener) => void socket.on('message', listener),
    close: () => socket.close(),
  }
}

async function openStream(options: WireOptions): Promise<Wire> {
  const { kind, host, port, framing, timeoutMs } = options
  const socket: Socket =
    kind === 'tls'
      ? // Whether the certificate is a good one is asked apart.
        tlsConnect({ host, port, rejectUnauthorized: false })
      : tcpConnect({ host, port })
  try {
    await once(socket, kind === 'tls' ? 'secureConnect' : 'connect', {
      signal: AbortSignal.timeout(timeoutMs),
    })
  } catch (error) {
    socket.destroy()
    throw error
  }
  socket.on('error', () => {})
  let held: Buffer = Buffer.alloc(0)
  const listeners: ((message: Buffer) => void)[] = []
  socket.on('data', (bytes: Buffer) => {
    held = Buffer.concat([held, bytes])
    for (let next = framing.unwrap(held); next; next = framing.unwrap(held)) {
      held = next.rest
      for (const listener of listeners) listener(next.message)
    }
  })
  return {
    send: (message) => void socket.write(framing.wrap(message)),
    onMessage: (listener) => void listeners.push(listener),
    close: () => socket.destroy(),
  }
}
