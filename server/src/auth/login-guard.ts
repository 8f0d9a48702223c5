import type { Redis } from 'ioredis'
import { refuseTooOften } from '../errors.ts'

/** Failures in a row on one account, from wherever they come: NIST SP 800-63B allows no more. */
const perName = { max: 100, seconds: 60 * 60 }
/** One address tries many accounts; an office behind one address mistypes as well. */
const perAddress = { max: 100, seconds: 15 * 60 }

/** Keeps passwords from being guessed: counts failures, beside the limit on requests. */
export type LoginGuard = ReturnType<typeof makeLoginGuard>

/** Build the guard; the counts are one for all servers. Without Redis people still get in. */
export function makeLoginGuard(redis: Redis, enabled: boolean) {
  const nameKey = (username: string) => `rate:login:name:${username}`
  const addressKey = (ip: string) => `rate:login:address:${ip}`

  async function look(key: string, max: number): Promise<number> {
    const [count, ttl] = await Promise.all([redis.get(key), redis.ttl(key)])
    return Number(count) >= max ? Math.max(1, ttl) : 0
  }

  async function count(key: string, seconds: number) {
    await redis.multi().incr(key).expire(key, seconds, 'NX').exec()
  }

  return {
    /** @throws Refusal RATE_LIMITED, whether or not the account exists */
    async check(username: string, ip: string): Promise<void> {
      if (!enabled) return
      const waits = await Promise.all([
        look(nameKey(username), perName.max),
        look(addressKey(ip), perAddress.max),
      ]).catch(() => [0])
      const wait = Math.max(...waits)
      if (wait > 0) throw refuseTooOften('Too many wrong passwords. Try again later.', wait)
    },
    async failed(username: string, ip: string): Promise<void> {
      if (!enabled) return
      await Promise.all([
        count(nameKey(username), perName.seconds),
        count(addressKey(ip), perAddress.seconds),
      ]).catch(() => undefined)
    },
    async passed(username: string): Promise<void> {
      if (enabled) await redis.del(nameKey(username)).catch(() => undefined)
    },
  }
}
