import { type AccessClaims, accessClaimsSchema } from '@beseda/protocol/auth'
import type { JWT } from '@fastify/jwt'
import { z } from 'zod'
import { refuse } from '../errors.ts'

declare module '@fastify/jwt' {
  interface FastifyJWT {
    user: AccessClaims
  }
}

/** Seconds that an access token lives. */
export const accessSeconds = 15 * 60
/** Seconds that the cookie lives with which `<img>` loads files; each refresh brings a new one. */
export const filesSeconds = 24 * 60 * 60

type Bearer = { userId: string; sessionId: string }

/** What each kind of token says. Whom it is for is read here: a verifier that knew would be made anew for each token. */
const claimsSchemas = {
  api: accessClaimsSchema.extend({ aud: z.literal('api') }),
  files: accessClaimsSchema.extend({ aud: z.literal('files') }),
}
type Audience = keyof typeof claimsSchemas

/** Signs and reads the tokens of one server; what fails to verify is refused by code. */
export type Tokens = ReturnType<typeof makeTokens>

/** Build the token functions on the application's JWT decorator. */
export function makeTokens(jwt: JWT) {
  const sign = (aud: Audience, expiresIn: number, { userId, sessionId }: Bearer) =>
    jwt.sign({ sub: userId, sid: sessionId, aud }, { expiresIn })

  function read(aud: Audience, token: string): AccessClaims {
    try {
      return claimsSchemas[aud].parse(jwt.verify(token))
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'FAST_JWT_EXPIRED') {
        throw refuse('TOKEN_EXPIRED', 'The access token has expired.')
      }
      throw refuse('UNAUTHORIZED', 'The access token is not valid.')
    }
  }

  return {
    signAccess: (bearer: Bearer) => sign('api', accessSeconds, bearer),
    signFiles: (bearer: Bearer) => sign('files', filesSeconds, bearer),
    /** @throws Refusal UNAUTHORIZED or TOKEN_EXPIRED */
    readAccess: (token: string) => read('api', token),
    /** @throws Refusal UNAUTHORIZED or TOKEN_EXPIRED */
    readFiles: (token: string) => read('files', token),
  }
}
