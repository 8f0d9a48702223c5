import { isFromHere } from '@beseda/protocol/from-here'
import { limits } from '@beseda/protocol/limits'
import jwt from '@fastify/jwt'
import websocket from '@fastify/websocket'
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify'
import type { Redis } from 'ioredis'
import type { Registry } from 'prom-client'
import { type SessionDeps, serveSession } from './signalling/session.ts'
import { reasonOf, StartError } from './start-error.ts'
import type { WorkerPool } from './workers/worker-pool.ts'

/** Milliseconds that clients get to answer a close frame when the process stops. */
const closeGrace = 300

/** A Fastify that can check call tokens and speak WebSocket, without routes yet. */
export async function makeHttp(secret: string, logger: FastifyBaseLogger) {
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
  })
  await app.register(jwt, { secret })
  await app.register(websocket, {
    options: { maxPayload: limits.signallingFrameBytesMax },
    preClose(done) {
      const { clients } = this.websocketServer
      // Fastify refuses an upgrade that comes now, but leaves its socket open and waits for it.
      this.server.on('upgrade', (_request, socket) => socket.end(() => socket.destroy()))
      const timer = setTimeout(() => {
        for (const client of clients) client.terminate()
      }, closeGrace)
      this.websocketServer.close(() => {
        clearTimeout(timer)
        done()
      })
    },
  })
  return app
}

/** The signalling socket. */
export function signallingRoute(app: FastifyInstance, deps: SessionDeps): void {
  app.get('/signalling', { websocket: true }, (socket, request) => {
    serveSession(deps, socket, request.log)
  })
}

export type HealthDeps = { redis: Redis; pool: WorkerPool }

/** For those who watch the process: alive and ready. */
export function healthRoutes(app: FastifyInstance, { redis, pool }: HealthDeps): void {
  app.get('/healthz', () => ({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) => {
    const checks = { redis: await answers(redis), workers: pool.workers.length > 0 }
    const ready = checks.redis && checks.workers
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ok' : 'unavailable', checks })
  })
}

/**
 * `/metrics` beside the signalling: for this machine alone, and not at all where it has a port of
 * its own.
 */
export function metricsRoute(app: FastifyInstance, registry: Registry, ownPort: boolean): void {
  app.get('/metrics', async (request, reply) => {
    if (ownPort || !isFromHere(request)) return reply.callNotFound()
    return reply.type(registry.contentType).send(await registry.metrics())
  })
}

/**
 * Serve `/metrics`, and nothing else, on a port of its own. Answers how to stop.
 *
 * @throws StartError when the port can't be had
 */
export async function serveMetrics(registry: Registry, host: string, port: number) {
  const app = fastify()
  app.get('/metrics', async (_request, reply) => {
    return reply.type(registry.contentType).send(await registry.metrics())
  })
  try {
    await app.listen({ host, port })
  } catch (error) {
    throw new StartError(
      `Metrics can't be served on ${host}:${port} (${reasonOf(error)}): set SFU_METRICS_PORT and METRICS_HOST.`,
    )
  }
  return () => app.close()
}

async function answers(redis: Redis): Promise<boolean> {
  return redis.ping().then(
    () => true,
    () => false,
  )
}
