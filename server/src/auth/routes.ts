import { loginBodySchema, registerBodySchema, type Session } from '@beseda/protocol/auth'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../errors.ts'
import type { App } from '../http/app-type.ts'
import { routeLimits } from '../http/rate-limits.ts'
import type { Services } from '../services.ts'
import { isSecure } from '../settings.ts'
import { getUserRow, showUser } from '../users/store.ts'
import { login, register, type SignedIn } from './accounts.ts'
import { makeSessionCookies } from './cookies.ts'
import { type Place, type Rotation, revokeByToken, rotateSession } from './sessions.ts'
import type { Tokens } from './tokens.ts'

/** Routes under `/auth`, for whoever has not signed in yet. */
export function authRoutes(app: App, services: Services & { tokens: Tokens }) {
  const { db, settings, tokens } = services
  const cookies = makeSessionCookies(isSecure(settings))

  function handOut(reply: FastifyReply, { refresh, ...bearer }: Rotation): string {
    if (refresh) cookies.setRefresh(reply, refresh)
    cookies.setFiles(reply, tokens.signFiles(bearer))
    return tokens.signAccess(bearer)
  }

  async function answer(reply: FastifyReply, { user, session }: SignedIn): Promise<Session> {
    const { serverRole } = user
    return {
      user: await showUser(services, user),
      accessToken: handOut(reply, session),
      serverRole,
    }
  }

  app.post(
    '/auth/register',
    { schema: { body: registerBodySchema }, config: routeLimits.register },
    async (request, reply) => {
      reply.code(201)
      return answer(reply, await register(services, request.body, placeOf(request)))
    },
  )

  app.post(
    '/auth/login',
    { schema: { body: loginBodySchema }, config: routeLimits.login },
    async (request, reply) => answer(reply, await login(services, request.body, placeOf(request))),
  )

  app.post('/auth/refresh', { config: routeLimits.refresh }, async (request, reply) => {
    const token = cookies.readRefresh(request)
    const session = await rotateSession(services, token, placeOf(request)).catch((error) => {
      // A database that is away for a moment costs nobody the session.
      if (error instanceof Refusal) cookies.clear(reply)
      throw error
    })
    return answer(reply, { user: await getUserRow(db, session.userId), session })
  })

  app.post('/auth/logout', async (request, reply) => {
    const token = cookies.readRefresh(request)
    if (token) await revokeByToken(services, token)
    cookies.clear(reply)
    return reply.code(204).send()
  })
}

/** Browsers send some 100 characters; what is longer is no browser's. */
const userAgentMax = 300

function placeOf({ ip, headers }: FastifyRequest): Place {
  return { ip, userAgent: headers['user-agent']?.slice(0, userAgentMax) ?? null }
}
