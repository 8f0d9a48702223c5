import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { redisKeys } from '@beseda/protocol/redis'
import type { Redis } from 'ioredis'
import { z } from 'zod'

/** How a user is connected: `away` when every socket of theirs said so. */
export type Connection = 'awake' | 'away'
type State = Connection | 'offline'

/** Milliseconds for which a server's word about a user counts. */
export const presenceValidMs = 45_000

const awayKey = `${redisKeys.presence}:away`
const userKey = (userId: string) => `${redisKeys.presence}:${userId}`

const stateSchema = z.enum(['offline', 'away', 'awake'])
const reportSchema = z.tuple([stateSchema, stateSchema])
const idsSchema = z.array(z.string())

/** Who is connected to any server, kept in Redis. */
export type Connections = ReturnType<typeof makeConnections>

/** @param serverId names this server among those that share the Redis */
export function makeConnections({ redis, serverId }: { redis: Redis; serverId: string }) {
  const reportScript = loadScript('report.lua')
  const sweepScript = loadScript('sweep.lua')

  return {
    /** Say how the user is connected here; answers their state on all servers before and after. */
    async report(userId: string, state: Connection | 'gone', now = Date.now()) {
      const keys = [redisKeys.presence, awayKey, userKey(userId)]
      const args = [userId, serverId, state, String(now), String(now + presenceValidMs)]
      const answer = await redis.eval(reportScript, keys.length, ...keys, ...args)
      const [before, after]: [State, State] = reportSchema.parse(answer)
      return { before, after }
    },
    /** Forget those whose server died; answers whom this call, and no other, forgot. */
    async sweep(now = Date.now()): Promise<string[]> {
      return idsSchema.parse(
        await redis.eval(sweepScript, 2, redisKeys.presence, awayKey, String(now)),
      )
    },
    /** Those of the users who are connected. */
    async of(userIds: string[]): Promise<Map<string, Connection>> {
      if (userIds.length === 0) return new Map()
      const [scores, away] = await Promise.all([
        redis.zmscore(redisKeys.presence, ...userIds),
        redis.smismember(awayKey, ...userIds),
      ])
      const connected = userIds.flatMap((id, index): [string, Connection][] =>
        scores[index] === null ? [] : [[id, away[index] === 1 ? 'away' : 'awake']],
      )
      return new Map(connected)
    },
    /** Everybody who is connected. */
    async all(): Promise<Map<string, Connection>> {
      const [ids, away] = await Promise.all([
        redis.zrange(redisKeys.presence, '0', '-1'),
        redis.smembers(awayKey),
      ])
      const idle = new Set(away)
      return new Map(ids.map((id) => [id, idle.has(id) ? 'away' : 'awake']))
    },
  }
}

function loadScript(name: string): string {
  return readFileSync(join(import.meta.dirname, name), 'utf8')
}
