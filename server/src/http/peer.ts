import type { FastifyRequest } from 'fastify'

const loopback = /^(127\.|::1$|::ffff:127\.)/
const forwardingHeaders = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via']

/**
 * Whether a request comes from this very machine: from loopback or from the address that it was
 * sent to, and not through a proxy, which says so in a header.
 */
export function isFromHere({
  socket,
  headers,
}: Pick<FastifyRequest, 'socket' | 'headers'>): boolean {
  const { remoteAddress: from, localAddress: to } = socket
  if (from === undefined || forwardingHeaders.some((name) => headers[name] !== undefined)) {
    return false
  }
  return loopback.test(from) || from === to
}
