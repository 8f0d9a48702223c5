import { limits } from '@beseda/protocol/limits'
import type { RateLimitPluginOptions } from '@fastify/rate-limit'
import type { FastifyRequest } from 'fastify'
import type { Redis } from 'ioredis'
import { refuse } from '../errors.ts'

/** Counted per user where one is known, else per address. */
const userKey = (request: FastifyRequest) => request.user?.sub ?? request.ip

/** The general limit: 600 requests a minute. Counts live in Redis, one for all servers. */
export function rateLimitOptions(redis: Redis): RateLimitPluginOptions {
  return {
    redis,
    nameSpace: 'rate:',
    max: 600,
    timeWindow: 60_000,
    keyGenerator: userKey,
    // Without Redis people still get served.
    skipOnError: true,
    errorResponseBuilder: (_request, { after }) =>
      refuse('RATE_LIMITED', `Too many requests. Try again in ${after}.`),
  }
}

/** Limits of single routes, for their `config`. */
export const routeLimits = {
  register: { rateLimit: { max: 20, timeWindow: 3_600_000 } },
  refresh: { rateLimit: { max: 120, timeWindow: 60_000 } },
  login: {
    rateLimit: {
      max: 10,
      timeWindow: 60_000,
      // The name is in the body, which is there only after parsing.
      hook: 'preHandler' as const,
      keyGenerator: (request: FastifyRequest) => `${request.ip} ${usernameIn(request.body)}`,
    },
  },
  password: { rateLimit: { max: 10, timeWindow: 60_000 } },
  messages: { rateLimit: { max: 60, timeWindow: 10_000 } },
  search: { rateLimit: { max: 120, timeWindow: 60_000 } },
  /** Ten full messages a minute. */
  uploads: { rateLimit: { max: 10 * limits.attachmentsMax, timeWindow: 60_000 } },
  /** A screen of a busy chat shows dozens of pictures, and a video is fetched in pieces. */
  downloads: { rateLimit: { max: 3_000, timeWindow: 60_000 } },
  createInvite: { rateLimit: { max: 60, timeWindow: 60_000 } },
  /** Codes are looked up by people without accounts too, so per address. */
  invites: {
    rateLimit: {
      max: 30,
      timeWindow: 60_000,
      keyGenerator: (request: FastifyRequest) => request.ip,
    },
  },
  /** Secrets of one-time links, tried by whoever has none, so per address. */
  links: {
    rateLimit: {
      max: 30,
      timeWindow: 60_000,
      keyGenerator: (request: FastifyRequest) => request.ip,
    },
  },
  /** Each opens a transport on every worker of every SFU. */
  diagnosis: { rateLimit: { max: 10, timeWindow: 60_000 } },
  createChat: { rateLimit: { max: 60, timeWindow: 60_000 } },
}

function usernameIn(body: unknown): string {
  if (typeof body !== 'object' || body === null || !('username' in body)) return ''
  return typeof body.username === 'string' ? body.username : ''
}
