import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Tokens } from '../auth/tokens.ts'
import type { App } from '../http/app-type.ts'
import type { Services } from '../services.ts'
import { startHeartbeat } from './heartbeat.ts'
import { serveEventSocket } from './socket.ts'

/** The event socket, `/ws`. Its first frame says who it is. */
export function eventRoutes(app: App, services: Services & { tokens: Tokens }) {
  const stopHeartbeat = startHeartbeat(app.websocketServer)
  app.addHook('onClose', async () => stopHeartbeat())

  // The connection would keep its answer, and the plugin's listener the request: 5 KB each,
  // for as long as somebody is here.
  const answers = new WeakMap<IncomingMessage, ServerResponse>()
  const remember = async ({ raw }: FastifyRequest, reply: FastifyReply) => {
    answers.set(raw, reply.raw)
  }
  app.get('/ws', { websocket: true, onRequest: remember }, (socket, { raw }) => {
    const { socket: connection } = raw
    answers.get(raw)?.detachSocket(connection)
    socket.removeAllListeners('error')
    socket.on('error', (err) => services.log.debug({ err }, 'an event socket failed'))
    serveEventSocket(services, socket, connection)
  })
}
