import pg from 'pg'
import { z } from 'zod'
import { askOnce } from '../redis.ts'
import { messageOf } from '../start-error.ts'

/** What a database or a Redis says of itself. */
export type Backing =
  | { reachable: false; reason: string }
  | { reachable: true; name: string; version: string; aheadMs: number }

const timeoutMs = 5_000

const rowSchema = z.object({ version: z.string(), now: z.coerce.number() })

/** Ask the PostgreSQL at `url` for its version and time. */
export async function askPostgres(url: string): Promise<Backing> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: timeoutMs })
  // Told by whatever is being waited for.
  client.on('error', () => {})
  try {
    await client.connect()
    const began = Date.now()
    const { rows } = await client.query(
      `SELECT current_setting('server_version') AS version,
        extract(epoch FROM clock_timestamp()) * 1000 AS now`,
    )
    const { version, now } = rowSchema.parse(rows[0])
    return { reachable: true, name: 'PostgreSQL', version, aheadMs: now - middle(began) }
  } catch (error) {
    return { reachable: false, reason: causeOf(error) }
  } finally {
    await client.end().catch(() => {})
  }
}

/** Ask the Redis or Valkey at `url` for its version and time. */
export async function askRedis(url: string): Promise<Backing> {
  try {
    return await askOnce(url, async (client) => {
      const info = await client.info('server')
      const began = Date.now()
      const [seconds, micros] = await client.time()
      const aheadMs = Number(seconds) * 1000 + Number(micros) / 1000 - middle(began)
      // Valkey tells the version of the Redis that it is like besides its own.
      const valkey = /^valkey_version:(\S+)/m.exec(info)?.[1]
      const redis = /^redis_version:(\S+)/m.exec(info)?.[1] ?? '0'
      const [name, version] = valkey ? ['Valkey', valkey] : ['Redis', redis]
      return { reachable: true, name, version, aheadMs }
    })
  } catch (error) {
    return { reachable: false, reason: causeOf(error) }
  }
}

/** The other side looked at its clock about halfway through the question. */
const middle = (began: number) => (began + Date.now()) / 2

/** A refused connection has a reason for each address. */
function causeOf(error: unknown): string {
  const cause = error instanceof AggregateError ? error.errors[0] : error
  return messageOf(cause) || String(cause)
}
