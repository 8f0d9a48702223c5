import { z } from 'zod'
import { sourceSchema } from './media.ts'

/** Seconds that a call token lives: long enough to join, too short to be worth stealing. */
export const callTokenSeconds = 60

/** What the server says and signs (HS256, `CALL_TOKEN_SECRET`), and the SFU believes. */
export const callClaimsSchema = z.object({
  aud: z.literal('sfu'),
  sub: z.uuid(),
  callId: z.uuid(),
  chatId: z.uuid(),
  node: z.string(),
  epoch: z.number().int(),
  displayName: z.string(),
  avatarId: z.uuid().nullable(),
  /** What the user may publish. */
  publish: z.array(sourceSchema),
  /** How many peers the call may hold. */
  maxPeers: z.number().int(),
  /** Seconds, with the fraction: a decision of the same second may be older or newer. */
  iat: z.number(),
  exp: z.number(),
})
export type CallClaims = z.infer<typeof callClaimsSchema>

/** The same for who only tries the way to a node and joins no call. */
export const probeClaimsSchema = z.object({
  aud: z.literal('sfu'),
  sub: z.uuid(),
  probe: z.literal(true),
  node: z.string(),
  iat: z.number(),
  exp: z.number(),
})
export type ProbeClaims = z.infer<typeof probeClaimsSchema>
