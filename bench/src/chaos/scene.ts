import { startValkey } from '@beseda/launcher/valkey'
import { callPeerStateSchema, redisKeys } from '@beseda/protocol/redis'
import { Redis } from 'ioredis'
import { until, withBeseda } from '../beseda.ts'
import type { Scene } from './blows.ts'
import { openGuest } from './guest.ts'
import { holdMeeting } from './meeting.ts'
import { openWire } from './wire.ts'

const names = ['anna', 'boris', 'vera', 'gleb']

export type SceneOptions = {
  /** A Redis of one's own, which is emptied; else a Valkey in this process. */
  redisUrl?: string | undefined
  /** A PostgreSQL of one's own; else the embedded one, which can not be taken away. */
  databaseUrl?: string | undefined
  /** Whether a page in Chromium takes part as well. */
  browser?: boolean
}

/** Run Beseda behind wires that can be cut, with four people in a call, and do `work` there. */
export async function withScene<Result>(
  { redisUrl, databaseUrl, browser = false }: SceneOptions,
  work: (scene: Scene) => Promise<Result>,
): Promise<Result> {
  const valkey = redisUrl === undefined ? await startValkey() : undefined
  const behind = redisUrl ?? valkey?.url ?? ''
  const redisWire = await openWire(behind)
  const databaseWire = databaseUrl === undefined ? undefined : await openWire(databaseUrl)
  const redis = new Redis(behind)
  const env = {
    SFU_WORKERS: '2',
    REDIS_URL: redisWire.url,
    ...(databaseWire && { DATABASE_URL: databaseWire.url }),
  }
  try {
    return await withBeseda(env, async (beseda) => {
      const guest = browser ? await openGuest(beseda.url) : undefined
      try {
        const meeting = await holdMeeting(beseda.url, names, guest)
        try {
          return await work({ beseda, meeting, redis, redisWire, databaseWire })
        } finally {
          await meeting.close()
        }
      } finally {
        await guest?.close()
      }
    })
  } finally {
    redis.disconnect()
    redisWire.close()
    databaseWire?.close()
    await valkey?.close()
  }
}

/**
 * Wait until everything that is written of the call is true again: Redis has the people of the
 * meeting and nobody else, each of them sending, and the log has one open stay of each.
 *
 * @throws Error after half a minute
 */
export async function untilTrue({ meeting, redis }: Scene): Promise<void> {
  const { host, everybody, chatId, callId } = meeting
  const expected = everybody.toSorted()
  let seen: unknown
  const isTrue = async () => {
    const written = Object.entries(await redis.hgetall(redisKeys.callPeers(callId)))
    const sending = written.flatMap(([userId, text]) => {
      const { sources } = callPeerStateSchema.parse(JSON.parse(text))
      return sources.includes('microphone') ? [userId] : []
    })
    const { items } = await host.client.rest.callLog(chatId)
    const stays = items[0]?.participants.filter(({ leftAt }) => leftAt === null) ?? []
    const logged = stays.map(({ user }) => user.id)
    const status = await redis.hget(redisKeys.call(callId), 'status')
    seen = { sending, logged, status, calls: items.length, ended: items[0]?.endedAt }
    return (
      status === 'active' &&
      items.length === 1 &&
      items[0]?.endedAt === null &&
      [sending, logged].every((ids) => String(ids.sort()) === String(expected))
    )
  }
  let holds = false
  const look = setInterval(async () => {
    holds = await isTrue().catch(() => false)
  }, 100)
  await until(() => holds, 30_000)
    .catch((cause) => {
      throw new Error(`what is written is not true: ${JSON.stringify(seen)}`, { cause })
    })
    .finally(() => clearInterval(look))
}
