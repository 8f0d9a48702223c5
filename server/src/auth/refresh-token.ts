import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'

/** A refresh token: which session it belongs to, and a secret of which only the hash is stored. */
export type RefreshToken = { sessionId: string; secret: string }

const idSchema = z.uuid()

/** Make a new secret of 32 random bytes. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** What is stored of a secret. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}

/** The token as the cookie holds it. */
export function formatRefreshToken({ sessionId, secret }: RefreshToken): string {
  return `${sessionId}.${secret}`
}

/** Read a cookie's value; undefined when it is none of ours. */
export function parseRefreshToken(text: string | undefined): RefreshToken | undefined {
  const [sessionId, secret] = text?.split('.') ?? []
  if (!secret || !idSchema.safeParse(sessionId).success || sessionId === undefined) return undefined
  return { sessionId, secret }
}
