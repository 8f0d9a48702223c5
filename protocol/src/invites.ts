import { z } from 'zod'
import { chatTypeSchema } from './permissions.ts'
import { userRefSchema } from './users.ts'

/** 128 random bits in base64url. */
export const inviteCodeSchema = z.string().regex(/^[A-Za-z0-9_-]{22}$/, 'is not an invite code')

export const createInviteBodySchema = z.strictObject({
  /** From a second to a year; left out: never expires. */
  expiresInSeconds: z
    .number()
    .int()
    .min(1)
    .max(365 * 24 * 60 * 60)
    .optional(),
  /** Left out: any number. */
  maxUses: z.number().int().min(1).max(1000).optional(),
})
export type CreateInviteBody = z.input<typeof createInviteBodySchema>

/** An invitation as those see it who may invite. The page makes the link: `/invite/<code>`. */
export const inviteSchema = z.object({
  code: inviteCodeSchema,
  chatId: z.uuid(),
  createdBy: userRefSchema,
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  maxUses: z.number().int().nullable(),
  uses: z.number().int(),
})
export type Invite = z.infer<typeof inviteSchema>
/** The invitations that still work, newest first. */
export const inviteListSchema = z.object({ items: z.array(inviteSchema), nextCursor: z.null() })

/** What somebody sees who opens a link, with or without an account. */
export const invitePreviewSchema = z.object({
  code: inviteCodeSchema,
  chat: z.object({
    type: chatTypeSchema,
    name: z.string(),
    description: z.string(),
    /** `GET /invites/:code/picture` has it, for those without an account too. */
    avatarId: z.uuid().nullable(),
    memberCount: z.number().int(),
  }),
  invitedBy: z.string(),
  expiresAt: z.iso.datetime().nullable(),
  /** The chat's id for somebody who is in it already. */
  memberOf: z.uuid().nullable(),
})
export type InvitePreview = z.infer<typeof invitePreviewSchema>

export const inviteParamsSchema = z.object({ code: inviteCodeSchema })
export const chatInviteParamsSchema = z.object({ chatId: z.uuid(), code: inviteCodeSchema })
