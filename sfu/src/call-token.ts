import {
  type CallClaims,
  callClaimsSchema,
  type ProbeClaims,
  probeClaimsSchema,
} from '@beseda/protocol/call-token'
import type { JWT } from '@fastify/jwt'
import { Refusal } from './refusal.ts'

export type VerifyCallToken = (token: string) => CallClaims
export type VerifyProbeToken = (token: string) => ProbeClaims

/** Believes a call token that the server signed, and nothing else. */
export function makeVerifyCallToken(jwt: JWT): VerifyCallToken {
  /** @throws Refusal TOKEN_EXPIRED or UNAUTHORIZED */
  return (token) => {
    const claims = callClaimsSchema.safeParse(decode(jwt, token))
    if (!claims.success) throw new Refusal('UNAUTHORIZED', 'not a call token')
    return claims.data
  }
}

/** The same for the token of a probe. */
export function makeVerifyProbeToken(jwt: JWT): VerifyProbeToken {
  /** @throws Refusal TOKEN_EXPIRED or UNAUTHORIZED */
  return (token) => {
    const claims = probeClaimsSchema.safeParse(decode(jwt, token))
    if (!claims.success) throw new Refusal('UNAUTHORIZED', 'not the token of a probe')
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
