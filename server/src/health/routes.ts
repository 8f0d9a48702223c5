import type { App } from '../http/app-type.ts'
import type { Services } from '../services.ts'
import { checkReadiness } from './readiness.ts'

/** `/healthz`: the process lives. `/readyz`: what it needs is there; 503 names what is missing. */
export function healthRoutes(app: App, services: Pick<Services, 'db' | 'redis' | 'calls'>) {
  app.get('/healthz', async () => ({ status: 'ok' }))

  app.get('/readyz', async (_request, reply) => {
    const parts = await checkReadiness(services)
    const ready = Object.values(parts).every(Boolean)
    return reply.code(ready ? 200 : 503).send({ ready, ...parts })
  })
}
