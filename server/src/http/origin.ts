import type { FastifyRequest } from 'fastify'
import { refuse, refuseField } from '../errors.ts'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Make the hook that keeps other sites' pages from acting with our cookies: a
 * request that changes something, or opens a WebSocket, must come from our own
 * origin when it says where it comes from.
 */
export function makeOriginCheck(publicUrl: string | undefined) {
  const allowed = publicUrl === undefined ? undefined : new URL(publicUrl).origin
  return async function checkOrigin(request: FastifyRequest) {
    const { origin, upgrade } = request.headers
    if (origin === undefined) return
    if (safeMethods.has(request.method) && upgrade === undefined) return
    const ours = allowed === undefined ? hostOf(origin) === request.host : origin === allowed
    if (!ours) throw refuse('ORIGIN_FORBIDDEN', 'This origin may not use this server.')
  }
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}

/**
 * Where whoever asks finds this server.
 *
 * @throws Refusal VALIDATION when they name a host that can be none
 */
export function originOf(
  { protocol, host }: FastifyRequest,
  publicUrl: string | undefined,
): string {
  const origin = publicUrl ?? `${protocol}://${host}`
  if (!URL.canParse(origin)) throw refuseField('host', 'is not a host name')
  return origin
}
