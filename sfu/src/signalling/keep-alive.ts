import type { WebSocket } from 'ws'

/** Pings without an answer after which a socket counts as dead. */
const missesAllowed = 2

/** Ping the client and end the socket when it stays silent. Answers how to stop. */
export function keepAlive(socket: WebSocket, interval: number): () => void {
  let missed = 0
  socket.on('pong', () => {
    missed = 0
  })
  const timer = setInterval(() => {
    if (missed >= missesAllowed) {
      socket.terminate()
      return
    }
    missed++
    socket.ping()
  }, interval)
  return () => clearInterval(timer)
}
