import { closeCodes } from '@beseda/protocol/errors'
import { limits } from '@beseda/protocol/limits'
import type { WebsocketPluginOptions } from '@fastify/websocket'

/** How long a client may take to say goodbye when the process stops. */
const goodbyeMs = 2_000

/** How WebSockets are accepted, and closed when the process stops. */
export const websocketOptions: WebsocketPluginOptions = {
  options: { maxPayload: limits.eventFrameBytesMax },
  // The socket has already been closed with the code that names the fault.
  errorHandler(error, _socket, request) {
    request.log.debug({ err: error }, 'a WebSocket failed')
  },
  preClose(done) {
    const { clients } = this.websocketServer
    // Fastify refuses an upgrade that comes now, but leaves its socket open and waits for it.
    this.server.on('upgrade', (_request, socket) => socket.end(() => socket.destroy()))
    for (const socket of clients) socket.close(closeCodes.goingAway)
    const timer = setTimeout(() => {
      for (const socket of clients) socket.terminate()
    }, goodbyeMs)
    this.websocketServer.close(() => {
      clearTimeout(timer)
      done()
    })
  },
}
