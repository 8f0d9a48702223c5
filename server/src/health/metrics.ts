import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Hub } from '../events/hub.ts'
import type { App } from '../http/app-type.ts'

/** `/metrics` for Prometheus, and one line in the log for each request. */
export function metricRoutes(app: App, { hub }: { hub: Hub }) {
  const register = new Registry()
  collectDefaultMetrics({ register })
  new Gauge({
    name: 'beseda_event_sockets',
    help: 'Event sockets that are open on this server.',
    registers: [register],
    collect() {
      this.set(hub.size)
    },
  })
  const durations = new Histogram({
    name: 'beseda_http_request_seconds',
    help: 'How long requests took.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [register],
  })

  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request
    const route = routeOptions.url ?? 'none'
    const ms = Math.round(reply.elapsedTime * 10) / 10
    durations.observe({ method, route, status: reply.statusCode }, reply.elapsedTime / 1000)
    request.log.info({ method, route, status: reply.statusCode, ms }, 'request')
  })

  app.get('/metrics', async (_request, reply) =>
    reply.type(register.contentType).send(await register.metrics()),
  )
}
