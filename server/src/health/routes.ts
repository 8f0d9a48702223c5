import { sql } from 'drizzle-orm'
import type { Redis } from 'ioredis'
import type { App } from '../http/app-type.ts'
import type { Services } from '../services.ts'

/** `/healthz`: the process lives. `/readyz`: what it needs is there; 503 names what is missing. */
export function healthRoutes(app: App, { db, redis }: Pick<Services, 'db' | 'redis'>) {
  app.get('/healthz', async () => ({ status: 'ok' }))

  app.get('/readyz', async (_request, reply) => {
    const [database, redisThere, sfu] = await Promise.all([
      holds(db.execute(sql`SELECT 1`)),
      holds(redis.ping()),
      holds(requireSfu(redis)),
    ])
    const ready = database && redisThere && sfu
    return reply.code(ready ? 200 : 503).send({ ready, database, redis: redisThere, sfu })
  })
}

async function holds(check: Promise<unknown>): Promise<boolean> {
  const timeout = AbortSignal.timeout(2_000)
  const tooLate = new Promise((_resolve, reject) => {
    timeout.addEventListener('abort', () => reject(timeout.reason), { once: true })
  })
  return Promise.race([check, tooLate]).then(
    () => true,
    () => false,
  )
}

async function requireSfu(redis: Redis) {
  let cursor = '0'
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', 'sfu:*', 'COUNT', 1_000)
    if (keys.length > 0) return
    cursor = next
  } while (cursor !== '0')
  throw new Error('no SFU node is registered')
}
