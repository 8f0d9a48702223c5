import { randomBytes } from 'node:crypto'
import { limits } from '@beseda/protocol/limits'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import jwt from '@fastify/jwt'
import rateLimit from '@fastify/rate-limit'
import websocket from '@fastify/websocket'
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify'
import { administrationRoutes, linkRoutes } from './administration/routes.ts'
import { serverInviteRoutes } from './administration/rule-routes.ts'
import { deviceRoutes } from './auth/device-routes.ts'
import { makeAuthHook } from './auth/hook.ts'
import { authRoutes } from './auth/routes.ts'
import { makeTokens } from './auth/tokens.ts'
import { backupRoutes } from './backup/routes.ts'
import { diagnosisRoutes, hostDiagnosisRoutes } from './calls/diagnosis.ts'
import { callRoutes } from './calls/routes.ts'
import { memberRoutes } from './chats/member-routes.ts'
import { chatRoutes } from './chats/routes.ts'
import { eventRoutes } from './events/routes.ts'
import { fileRoutes } from './files/routes.ts'
import { metricRoutes, serveMetrics } from './health/metric-routes.ts'
import { makeMetrics, watchRequests } from './health/metrics.ts'
import { healthRoutes } from './health/routes.ts'
import { type App, zodCompiler } from './http/app-type.ts'
import { configRoutes } from './http/config-routes.ts'
import { handleError } from './http/error-handler.ts'
import { makeOriginCheck } from './http/origin.ts'
import { servePage } from './http/page.ts'
import { rateLimitOptions } from './http/rate-limits.ts'
import { helmetOptions, permissionsPolicy } from './http/security.ts'
import { websocketOptions } from './http/websockets.ts'
import { invitePreviewRoutes, inviteRoutes } from './invites/routes.ts'
import { markRoutes } from './messages/mark-routes.ts'
import { messageRoutes } from './messages/routes.ts'
import type { Services } from './services.ts'
import { isSecure } from './settings.ts'
import { userRoutes } from './users/routes.ts'

/** `webDist` is the folder of the built page. */
type Options = { webDist?: string | undefined }

/** Build the application on its services. It does not listen yet, but for metrics that have
 * a port of their own; closing it leaves the services open. */
export async function buildApp(services: Services, { webDist }: Options = {}): Promise<App> {
  const { settings, redis } = services
  const app = await buildBase(services)
  const tokens = makeTokens(app.jwt)
  const authenticate = makeAuthHook(tokens, services.openSessions)

  const metrics = makeMetrics(services)
  watchRequests(app, metrics)
  metricRoutes(app, metrics.register, settings)
  healthRoutes(app, services)
  await app.register(
    async (api: App) => {
      if (settings.RATE_LIMITS === 'on') await api.register(rateLimit, rateLimitOptions(redis))
      configRoutes(api, services)
      authRoutes(api, { ...services, tokens })
      eventRoutes(api, { ...services, tokens })
      await fileRoutes(api, { ...services, tokens, authenticate })
      invitePreviewRoutes(api, { ...services, authenticate })
      serverInviteRoutes(api, services)
      linkRoutes(api, { ...services, authenticate })
      await api.register(async (admin: App) => {
        await administrationRoutes(admin, { ...services, authenticate })
        backupRoutes(admin, services)
        hostDiagnosisRoutes(admin, services)
      })
      await api.register(async (signedIn: App) => {
        signedIn.addHook('onRequest', authenticate)
        deviceRoutes(signedIn, services)
        userRoutes(signedIn, services)
        chatRoutes(signedIn, services)
        memberRoutes(signedIn, services)
        inviteRoutes(signedIn, services)
        messageRoutes(signedIn, services)
        markRoutes(signedIn, services)
        callRoutes(signedIn, services)
        diagnosisRoutes(signedIn, services)
      })
    },
    { prefix: '/api' },
  )
  await servePage(app, webDist)
  const served = await serveMetrics(metrics.register, settings)
  app.addHook('onClose', served.close)
  return app
}

/** Fastify with everything that holds for all routes. */
async function buildBase({ settings, log }: Services): Promise<App> {
  const loggerInstance: FastifyBaseLogger = log
  const app: App = Fastify({
    loggerInstance,
    // Whoever reports a fault can name the request; a proxy's id is not taken over, nor trusted.
    genReqId: () => randomBytes(9).toString('base64url'),
    // One line a request is enough; see health/metrics.ts.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.restBodyBytesMax,
    // An address that can't be decoded never reaches the routes.
    frameworkErrors: handleError,
    // A TLS proxy on this machine or network says who the client is.
    trustProxy: ['loopback', 'linklocal', 'uniquelocal'],
  })
  app.setValidatorCompiler(zodCompiler)
  app.setErrorHandler(handleError)

  await app.register(helmet, helmetOptions(isSecure(settings)))
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('permissions-policy', permissionsPolicy)
  })
  await app.register(cookie)
  await app.register(jwt, { secret: settings.JWT_SECRET })
  await app.register(websocket, websocketOptions)
  // After the plugin's own hook, by which it knows to close the connection of a refused upgrade.
  app.addHook('onRequest', makeOriginCheck(settings.PUBLIC_URL))
  return app
}
