import { z } from 'zod'
import { inviteCodeSchema } from './invites.ts'
import { limits } from './limits.ts'
import { accountRoleSchema } from './permissions.ts'
import { displayNameSchema, userSchema } from './users.ts'

/** Usernames are compared without regard to case and kept in lower case. */
export const usernameSchema = z
  .string()
  .trim()
  .toLowerCase()
  .min(limits.usernameMin)
  .max(limits.usernameMax)
  .regex(/^[a-z0-9][a-z0-9_.-]*$/, 'only latin letters, digits, dot, dash and underscore')

export const passwordSchema = z.string().min(limits.passwordMin).max(limits.passwordMax)

/** The secret of a one-time link: 256 random bits in base64url. */
export const linkTokenSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/, 'is not the secret of a link')

export const linkBodySchema = z.strictObject({ token: linkTokenSchema })
/** What a one-time link is for, shown before it is used. */
export const linkPreviewSchema = z.object({
  kind: z.enum(['owner', 'reset']),
  expiresAt: z.iso.datetime(),
  /** Whose password a reset link changes. */
  user: z.object({ username: z.string(), displayName: z.string() }).nullable(),
})
export type LinkPreview = z.infer<typeof linkPreviewSchema>

export const registerBodySchema = z.strictObject({
  username: usernameSchema,
  password: passwordSchema,
  displayName: displayNameSchema,
  /** The secret of an owner link, which makes the new account the server's owner. */
  ownerToken: linkTokenSchema.optional(),
  /** The code of an invitation to the server or to a chat, where registration needs one. */
  invite: inviteCodeSchema.optional(),
})
export type RegisterBody = z.input<typeof registerBodySchema>

export const loginBodySchema = z.strictObject({
  username: z.string().trim().toLowerCase().min(1).max(limits.usernameMax),
  password: z.string().min(1).max(limits.passwordMax),
})
export type LoginBody = z.input<typeof loginBodySchema>

/** Answer of register, login and refresh; the refresh token travels in a cookie. */
export const sessionSchema = z.object({
  user: userSchema,
  accessToken: z.string(),
  /** What the user is on this server. */
  serverRole: accountRoleSchema.default('member'),
})
export type Session = z.infer<typeof sessionSchema>

/**
 * Name of the cookie that tells the page's scripts that the refresh cookie, which they
 * can't read, is there; it comes and goes with it and grants nothing.
 */
export const sessionMark = 'beseda_session'

/** What an access token says: the user, and the session that it belongs to. */
export const accessClaimsSchema = z.object({
  sub: z.uuid(),
  sid: z.uuid(),
  iat: z.number(),
  exp: z.number(),
})
export type AccessClaims = z.infer<typeof accessClaimsSchema>

/** One place where a user is signed in. */
export const deviceSchema = z.object({
  id: z.uuid(),
  createdAt: z.iso.datetime(),
  /** When it last got a new access token: a device in use does so every quarter of an hour. */
  lastSeenAt: z.iso.datetime(),
  /** The address that it came from then. */
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
  /** The one that asks. */
  current: z.boolean(),
})
export type Device = z.infer<typeof deviceSchema>
export const deviceListSchema = z.object({ items: z.array(deviceSchema), nextCursor: z.null() })
export const deviceParamsSchema = z.object({ sessionId: z.uuid() })

export const changePasswordBodySchema = z.strictObject({
  current: z.string().min(1).max(limits.passwordMax),
  password: passwordSchema,
})
export type ChangePasswordBody = z.input<typeof changePasswordBodySchema>

/** Choose a new password by a reset link. */
export const resetBodySchema = z.strictObject({ token: linkTokenSchema, password: passwordSchema })
