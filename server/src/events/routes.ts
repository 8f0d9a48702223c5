import type { Tokens } from '../auth/tokens.ts'
import type { App } from '../http/app-type.ts'
import type { Services } from '../services.ts'
import { startHeartbeat } from './heartbeat.ts'
import { serveEventSocket } from './socket.ts'

/** The event socket, `/ws`. Its first frame says who it is. */
export function eventRoutes(app: App, services: Services & { tokens: Tokens }) {
  const stopHeartbeat = startHeartbeat(app.websocketServer)
  app.addHook('onClose', async () => stopHeartbeat())

  app.get('/ws', { websocket: true }, (socket, request) =>
    serveEventSocket(services, socket, request.raw.socket),
  )
}
