import { z } from 'zod'
import { limits } from './limits.ts'
import { pageQuerySchema, pageSchema } from './pages.ts'

/** How a user appears to others. */
export const statusSchema = z.enum(['online', 'away', 'dnd', 'offline'])
export type Status = z.infer<typeof statusSchema>

export const userSchema = z.object({
  id: z.uuid(),
  username: z.string(),
  displayName: z.string(),
  avatarId: z.uuid().nullable(),
  status: statusSchema,
  lastSeenAt: z.iso.datetime().nullable(),
})
export type User = z.infer<typeof userSchema>

/** The parts of a user that a message, a member row or a call tile needs. */
export const userRefSchema = userSchema.pick({
  id: true,
  username: true,
  displayName: true,
  avatarId: true,
})
export type UserRef = z.infer<typeof userRefSchema>

export const displayNameSchema = z.string().trim().min(1).max(limits.displayNameMax)

export const updateMeBodySchema = z.strictObject({
  displayName: displayNameSchema.optional(),
  avatarId: z.uuid().nullable().optional(),
  /** What others see while this user is connected. */
  status: z.enum(['online', 'away', 'dnd']).optional(),
})
export type UpdateMeBody = z.infer<typeof updateMeBodySchema>

export const userSearchQuerySchema = pageQuerySchema.extend({
  q: z.string().trim().max(limits.searchQueryMax).default(''),
  status: statusSchema.optional(),
})
export type UserSearchQuery = z.input<typeof userSearchQuerySchema>

export const userPageSchema = pageSchema(userSchema)
