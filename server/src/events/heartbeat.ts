import { type BesedaEvent, beatMs } from '@beseda/protocol/events'
import type { WebSocket, WebSocketServer } from 'ws'

const pingMs = 30_000

const beat = JSON.stringify({ type: 'beat' } satisfies BesedaEvent)

/**
 * Ping every socket; one that has not answered by the next time is dead. A page
 * sees no pings, so that it gets a beat to know the same. Answers how to stop.
 */
export function startHeartbeat(server: WebSocketServer): () => void {
  const waiting = new WeakSet<WebSocket>()
  server.on('connection', (socket) => socket.on('pong', () => waiting.delete(socket)))
  const pings = setInterval(() => {
    for (const socket of server.clients) {
      if (waiting.has(socket)) socket.terminate()
      waiting.add(socket)
      socket.ping()
    }
  }, pingMs)
  const beats = setInterval(() => {
    for (const socket of server.clients) socket.send(beat)
  }, beatMs)
  return () => {
    clearInterval(pings)
    clearInterval(beats)
  }
}
