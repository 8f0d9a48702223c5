import type { Redis } from 'ioredis'
import { refuseTooOften } from '../errors.ts'

const perChat = { max: 30, seconds: 60 * 60 }

/**
 * Make the check that nobody rings others all day; the counts are one for all servers.
 *
 * @param perMinute how many calls one user may start in a minute
 */
export function makeStartLimits(redis: Redis, enabled: boolean, perMinute: () => Promise<number>) {
  async function count(key: string, { max, seconds }: typeof perChat) {
    const replies = await redis.multi().incr(key).expire(key, seconds, 'NX').ttl(key).exec()
    if (Number(replies?.[0]?.[1]) <= max) return
    const retryAfter = Math.max(1, Number(replies?.[2]?.[1]))
    throw refuseTooOften('Too many calls were started here. Try again later.', retryAfter)
  }

  /** @throws Refusal RATE_LIMITED */
  return async function countStart(userId: string, chatId: string): Promise<void> {
    if (!enabled) return
    await count(`rate:calls:user:${userId}`, { max: await perMinute(), seconds: 60 })
    await count(`rate:calls:chat:${chatId}`, perChat)
  }
}
