import { auditQuerySchema } from '@beseda/protocol/administration'
import { linkBodySchema, resetBodySchema } from '@beseda/protocol/auth'
import { isFromHere } from '@beseda/protocol/from-here'
import type { FastifyRequest } from 'fastify'
import { bearerToken, type makeAuthHook } from '../auth/hook.ts'
import type { App } from '../http/app-type.ts'
import { routeLimits } from '../http/rate-limits.ts'
import type { Services } from '../services.ts'
import { getUserRow } from '../users/store.ts'
import { type Actor, permit } from './actor.ts'
import { listAudit } from './audit.ts'
import { isHostToken } from './host-token.ts'
import { showLink } from './link-address.ts'
import { previewLink } from './links.ts'
import { adminLiveRoutes } from './live-routes.ts'
import { claimOwnership, makeOwnerLink, overview } from './owner.ts'
import { adminRuleRoutes } from './rule-routes.ts'
import { adminUserRoutes } from './user-routes.ts'
import { resetPassword } from './users.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on the routes of administration. */
    actor: Actor
  }
}

type Deps = Services & { authenticate: ReturnType<typeof makeAuthHook> }

/** Routes under `/admin`, for the server's administrators and for the command line. */
export async function administrationRoutes(app: App, services: Deps): Promise<void> {
  const { db, settings, hostToken, authenticate } = services

  /** Everything here is for those who may look; what each may do is asked again. */
  async function identify(request: FastifyRequest) {
    const token = bearerToken(request)
    if (token !== undefined && isFromHere(request) && isHostToken(hostToken, token)) {
      request.actor = { role: 'host', userId: null, name: 'host', ip: request.ip }
      return
    }
    await authenticate(request)
    const { id, username, serverRole } = await getUserRow(db, request.user.sub)
    request.actor = { role: serverRole, userId: id, name: username, ip: request.ip }
    permit(request.actor, { do: 'look' })
  }

  app.decorateRequest('actor')
  app.addHook('onRequest', identify)

  adminUserRoutes(app, services)
  adminRuleRoutes(app, services)
  adminLiveRoutes(app, services)

  app.get('/admin/overview', () => overview(db))

  app.post('/admin/owner-link', async (request, reply) => {
    const link = await makeOwnerLink(db, request.actor)
    return reply.code(201).send(showLink(settings, request, 'owner', link))
  })

  app.get('/admin/audit', { schema: { querystring: auditQuerySchema } }, (request) =>
    listAudit(db, request.query),
  )
}

/** What one-time links are good for, for whoever holds one. */
export function linkRoutes(app: App, services: Deps): void {
  const { db, authenticate } = services

  app.post(
    '/links/preview',
    { schema: { body: linkBodySchema }, config: routeLimits.links },
    (request) => previewLink(db, request.body.token),
  )

  /** Whoever has an account becomes the owner; a new one is registered with the token. */
  app.post(
    '/links/owner',
    { schema: { body: linkBodySchema }, onRequest: authenticate, config: routeLimits.links },
    async (request, reply) => {
      const user = await getUserRow(db, request.user.sub)
      await db.transaction((tx) => claimOwnership(tx, user, request.body.token, request.ip))
      return reply.code(204).send()
    },
  )

  app.post(
    '/links/reset',
    { schema: { body: resetBodySchema }, config: routeLimits.links },
    async (request, reply) => {
      const { token, password } = request.body
      await resetPassword(services, token, password, request.ip)
      return reply.code(204).send()
    },
  )
}
