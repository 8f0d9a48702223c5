import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { Server as SocketIo } from 'socket.io'
import { WebSocketServer } from 'ws'
import { serve } from './child.ts'
import { serverFrame } from './frames.ts'

/**
 * Servers that do nothing but pass a text on to all of their sockets: what is
 * posted to them, in the way that the first argument names. They answer the
 * request before they pass it on, as a server does that has its event come back
 * through Redis.
 */
const kinds: Record<string, (server: Server) => (text: string) => void> = {
  /** The floor: the frame is made once, and its bytes are written to every socket. */
  raw(server) {
    const sockets = new Set<Duplex>()
    new WebSocketServer({ server }).on('connection', (_socket, { socket }) => sockets.add(socket))
    return (text) => {
      const frame = serverFrame(Buffer.from(text))
      for (const socket of sockets) socket.write(frame)
    }
  },
  /** What every tutorial does. */
  ws(server) {
    const { clients } = new WebSocketServer({ server })
    return (text) => {
      const bytes = Buffer.from(text)
      for (const socket of clients) socket.send(bytes, { binary: false })
    }
  },
  'socket.io'(server) {
    const io = new SocketIo(server, { transports: ['websocket'], pingInterval: 300_000 })
    return (text) => io.emit('event', JSON.parse(text))
  },
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of request) text += part
  return text
}

const server = createServer(async (request, response) => {
  const text = await readText(request)
  response.end('{}')
  passOn(text)
})
const passOn = kinds[process.argv[2] ?? '']?.(server) ?? (() => {})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

const handlers = { port: () => (server.address() as AddressInfo).port }
export type Peer = typeof handlers

serve(handlers)
