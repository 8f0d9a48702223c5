import { sql } from 'drizzle-orm'
import type { App } from '../http/app-type.ts'
import type { Services } from '../services.ts'

/** `/healthz`: the process lives. `/readyz`: what it needs is there; 503 names what is missing. */
export function healthRoutes(
  app: App,
  { db, redis, calls }: Pick<Services, 'db' | 'redis' | 'calls'>,
) {
  app.get('/healthz', async () => ({ status: 'ok' }))

  app.get('/readyz', async (_request, reply) => {
    const [database, redisThere, sfu] = await Promise.all([
      holds(db.execute(sql`SELECT 1`)),
      holds(redis.ping()),
      // One that was killed a moment ago has its key still, and counts no more.
      holds(calls.nodes.list(), (nodes) => nodes.length > 0),
    ])
    const ready = database && redisThere && sfu
    return reply.code(ready ? 200 : 503).send({ ready, database, redis: redisThere, sfu })
  })
}

async function holds<Answer>(
  check: Promise<Answer>,
  fits: (answer: Answer) => boolean = () => true,
): Promise<boolean> {
  const timeout = AbortSignal.timeout(2_000)
  const tooLate = new Promise<never>((_resolve, reject) => {
    timeout.addEventListener('abort', () => reject(timeout.reason), { once: true })
  })
  return Promise.race([check, tooLate]).then(fits, () => false)
}
