import { isFromHere } from '@beseda/protocol/from-here'
import Fastify from 'fastify'
import type { Registry } from 'prom-client'
import { StartError } from '../errors.ts'
import type { App } from '../http/app-type.ts'
import { handleNotFound } from '../http/error-handler.ts'
import type { ServerSettings } from '../settings.ts'

type Where = Pick<ServerSettings, 'METRICS_PORT' | 'METRICS_HOST'>

/**
 * `/metrics` beside the API: for this machine alone, and not at all where it has a port of its own.
 * Anybody else is told that there is nothing.
 */
export function metricRoutes(app: App, register: Registry, { METRICS_PORT }: Where): void {
  app.get('/metrics', async (request, reply) => {
    if (METRICS_PORT !== undefined || !isFromHere(request)) return handleNotFound(request, reply)
    return reply.type(register.contentType).send(await register.metrics())
  })
}

/**
 * Serve `/metrics`, and nothing else, on the port that is set for it. Answers how to stop, and
 * the port.
 *
 * @throws StartError when the port can't be had
 */
export async function serveMetrics(register: Registry, { METRICS_PORT, METRICS_HOST }: Where) {
  if (METRICS_PORT === undefined) return { port: null, close: async () => {} }
  const app = Fastify()
  app.get('/metrics', async (_request, reply) =>
    reply.type(register.contentType).send(await register.metrics()),
  )
  try {
    await app.listen({ host: METRICS_HOST, port: METRICS_PORT })
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? error.code : error
    throw new StartError(
      `Metrics can not be served on ${METRICS_HOST}:${METRICS_PORT} (${reason}): set METRICS_PORT and METRICS_HOST.`,
    )
  }
  const address = app.server.address()
  const port = typeof address === 'object' && address ? address.port : METRICS_PORT
  return { port, close: () => app.close() }
}
