import { z } from 'zod'

/** Every code that a REST answer can carry, with its HTTP status. */
export const errorStatus = {
  VALIDATION: 400,
  INVALID_JSON: 400,
  /** A password that is tried first. */
  WEAK_PASSWORD: 400,
  /** The present password, asked for once more, is another one. */
  WRONG_PASSWORD: 403,
  UNAUTHORIZED: 401,
  TOKEN_EXPIRED: 401,
  INVALID_CREDENTIALS: 401,
  SESSION_REVOKED: 401,
  FORBIDDEN: 403,
  ORIGIN_FORBIDDEN: 403,
  REGISTRATION_CLOSED: 403,
  /** Only with an invitation to the server or to a chat. */
  REGISTRATION_INVITE: 403,
  /** An administrator has shut the account. */
  ACCOUNT_DISABLED: 403,
  NOT_FOUND: 404,
  USERNAME_TAKEN: 409,
  CHAT_FULL: 409,
  CALL_FULL: 409,
  CALL_ENDED: 409,
  /** In another call, or in this one on another device; `call` of the body says which. */
  IN_ANOTHER_CALL: 409,
  CLIENT_ID_REUSED: 409,
  /** An owner hands the chat over or deletes it, but does not leave it ownerless. */
  OWNER_MUST_HAND_OVER: 409,
  /** As many invitations or pinned messages as a chat may have. */
  LIMIT_REACHED: 409,
  INVITE_EXPIRED: 410,
  INVITE_USED_UP: 410,
  INVITE_REVOKED: 410,
  /** A one-time link that was used, was replaced by a newer one or has expired. */
  LINK_INVALID: 410,
  PAYLOAD_TOO_LARGE: 413,
  FILE_TOO_LARGE: 413,
  /** An image of few bytes and too many pixels. */
  IMAGE_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  FILE_TYPE: 415,
  RATE_LIMITED: 429,
  INTERNAL: 500,
  NO_SFU: 503,
  UNAVAILABLE: 503,
} as const

export type ErrorCode = keyof typeof errorStatus

const errorCodes = Object.keys(errorStatus) as [ErrorCode, ...ErrorCode[]]

export const issueSchema = z.object({ path: z.string(), message: z.string() })

/** The body of every refusal: Fastify's shape, with one of our codes. */
export const errorBodySchema = z.object({
  statusCode: z.number().int(),
  code: z.enum(errorCodes),
  error: z.string(),
  message: z.string(),
  issues: z.array(issueSchema).optional(),
  /** With `IN_ANOTHER_CALL`: where the user is. */
  call: z.object({ callId: z.uuid(), chatId: z.uuid() }).optional(),
})
export type ErrorBody = z.infer<typeof errorBodySchema>

/** Codes with which a WebSocket of Beseda is closed (RFC 6455 §7.4.2, private range). */
export const closeCodes = {
  /** A frame that is not JSON, is binary, or does not fit its schema. */
  badFrame: 4400,
  /** The token is missing, forged or expired, or its session was revoked. */
  unauthorized: 4401,
  /** No first frame in time. */
  helloTimeout: 4408,
  /** The same user joined the call from elsewhere. */
  replaced: 4409,
  /** The call is over, or this peer was removed from it. */
  gone: 4410,
  /** A frame larger than the limit (RFC 6455 §7.4.1). */
  tooLarge: 1009,
  /** The process stops; connect again. */
  goingAway: 1001,
} as const
