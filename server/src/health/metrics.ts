import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { App } from '../http/app-type.ts'
import type { Services } from '../services.ts'
import { checkReadiness, soon } from './readiness.ts'

type Deps = Pick<Services, 'hub' | 'calls' | 'pool' | 'db' | 'redis'>

/** What a server tells Prometheus; docs/metrics.md says what each means. */
export type Metrics = ReturnType<typeof makeMetrics>

/** Build the registry; gauges are counted when they are asked for. */
export function makeMetrics(services: Deps) {
  const { hub, calls, pool } = services
  const register = new Registry()
  const registers = [register]
  collectDefaultMetrics({ register })
  const gauge = (name: string, help: string, count: () => Promise<number>) =>
    new Gauge({
      ...{ name, help, registers },
      async collect() {
        // Without Redis it is not known, which is another thing than none.
        this.remove()
        await soon(count()).then(
          (value) => this.set(value),
          () => {},
        )
      },
    })
  new Gauge({
    name: 'beseda_event_sockets',
    help: 'Event sockets that are open on this server.',
    registers,
    collect() {
      this.set(hub.size)
    },
  })
  gauge('beseda_calls', 'Calls that are on, on all servers.', calls.states.countOn)
  gauge(
    'beseda_sfu_nodes',
    'SFU nodes that are alive.',
    async () => (await calls.nodes.list()).length,
  )
  new Gauge({
    name: 'beseda_ready',
    help: 'Whether the server has what it needs, as /readyz says.',
    labelNames: ['part'],
    registers,
    async collect() {
      const parts = await checkReadiness(services)
      for (const [part, there] of Object.entries(parts)) this.set({ part }, there ? 1 : 0)
    },
  })
  new Gauge({
    name: 'beseda_database_connections',
    help: 'Connections of the database pool by state, and queries that wait for one.',
    labelNames: ['state'],
    registers,
    collect() {
      for (const [state, count] of Object.entries(pool?.() ?? {})) this.set({ state }, count)
    },
  })
  const durations = new Histogram({
    name: 'beseda_http_request_duration_seconds',
    help: 'How long requests took, by route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  })
  return { register, durations }
}

const idSchema = /^[\da-f-]{36}$/

/** One line in the log and one observation for each request, and its id in the answer. */
export function watchRequests(app: App, { durations }: Metrics): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
  })
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request
    const route = routeOptions.url ?? 'none'
    const status = reply.statusCode
    const ms = Math.round(reply.elapsedTime * 10) / 10
    durations.observe({ method, route, status }, reply.elapsedTime / 1000)
    request.log.info({ method, route, status, ms, ...idsOf(request.params) }, 'request')
  })
}

/** Which chat and call a request was about. */
function idsOf(params: unknown): Record<string, string> {
  const named = Object.entries(params ?? {}).filter(
    ([name, value]) => /^(chat|call)Id$/.test(name) && idSchema.test(String(value)),
  )
  return Object.fromEntries(named.map(([name, value]) => [name, String(value)]))
}
