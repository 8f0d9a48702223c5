import type { FastifyRequest } from 'fastify'
import { refuse } from '../errors.ts'
import type { OpenSessions } from './open-sessions.ts'
import type { Tokens } from './tokens.ts'

/** Make the hook of the routes that need a signed-in user; it sets `request.user`. */
export function makeAuthHook(tokens: Tokens, openSessions: OpenSessions) {
  return async function authenticate(request: FastifyRequest) {
    const token = bearerToken(request)
    if (token === undefined) throw refuse('UNAUTHORIZED', 'Sign in first.')
    request.user = tokens.readAccess(token)
    await openSessions.require(request.user)
  }
}

/** The token of `Authorization: Bearer …`. */
export function bearerToken(request: FastifyRequest): string | undefined {
  return /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
}
