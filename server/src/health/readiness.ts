import { sql } from 'drizzle-orm'
import type { Services } from '../services.ts'

/** What a server can't do its work without. */
export type Readiness = { database: boolean; redis: boolean; sfu: boolean }

/** Ask for everything that a server needs; what has not answered within 2 s is not there. */
export async function checkReadiness({
  db,
  redis,
  calls,
}: Pick<Services, 'db' | 'redis' | 'calls'>): Promise<Readiness> {
  const [database, redisThere, sfu] = await Promise.all([
    holds(db.execute(sql`SELECT 1`)),
    holds(redis.ping()),
    // One that was killed a moment ago has its key still, and counts no more.
    holds(calls.nodes.list(), (nodes) => nodes.length > 0),
  ])
  return { database, redis: redisThere, sfu }
}

/** What an answer is, unless it takes longer than 2 s: a Redis that hangs must not hang who watches. */
export function soon<Answer>(answer: Promise<Answer>): Promise<Answer> {
  const timeout = AbortSignal.timeout(2_000)
  const tooLate = new Promise<never>((_resolve, reject) => {
    timeout.addEventListener('abort', () => reject(timeout.reason), { once: true })
  })
  return Promise.race([answer, tooLate])
}

const holds = <Answer>(
  check: Promise<Answer>,
  fits: (answer: Answer) => boolean = () => true,
): Promise<boolean> => soon(check).then(fits, () => false)
