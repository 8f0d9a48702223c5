import { type CallClaims, callClaimsSchema } from '@beseda/protocol/call-token'
import type { JWT } from '@fastify/jwt'
import { Refusal } from './refusal.ts'

export type VerifyCallToken = (token: string) => CallClaims

/** Believes a call token that the server signed, and nothing else. */
export function makeVerifyCallToken(jwt: JWT): VerifyCallToken {
  /** @throws Refusal TOKEN_EXPIRED or UNAUTHORIZED */
  return (token) => {
    const claims = callClaimsSchema.safeParse(decode(jwt, token))
    if (!claims.success) throw new Refusal('UNAUTHORIZED', 'not a call token')
    return claims.data
  }
}

function decode(jwt: JWT, token: string): object {
  try {
    return jwt.verify(token, { algorithms: ['HS256'], allowedAud: 'sfu' })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'FAST_JWT_EXPIRED') {
      throw new Refusal('TOKEN_EXPIRED', 'the call token has expired')
    }
    throw new Refusal('UNAUTHORIZED', 'not a call token')
  }
}
