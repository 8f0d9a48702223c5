import { z } from 'zod'
import { limits } from './limits.ts'
import { displayNameSchema, userSchema } from './users.ts'

/** Usernames are compared without regard to case and kept in lower case. */
export const usernameSchema = z
  .string()
  .trim()
  .toLowerCase()
  .min(limits.usernameMin)
  .max(limits.usernameMax)
  .regex(/^[a-z0-9][a-z0-9_.-]*$/, 'only latin letters, digits, dot, dash and underscore')

const passwordSchema = z.string().min(limits.passwordMin).max(limits.passwordMax)

export const registerBodySchema = z.strictObject({
  username: usernameSchema,
  password: passwordSchema,
  displayName: displayNameSchema,
})
export type RegisterBody = z.input<typeof registerBodySchema>

export const loginBodySchema = z.strictObject({
  username: z.string().trim().toLowerCase().min(1).max(limits.usernameMax),
  password: z.string().min(1).max(limits.passwordMax),
})
export type LoginBody = z.input<typeof loginBodySchema>

/** Answer of register, login and refresh; the refresh token travels in a cookie. */
export const sessionSchema = z.object({ user: userSchema, accessToken: z.string() })
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
