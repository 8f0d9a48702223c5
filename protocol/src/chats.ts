import { z } from 'zod'
import { callSchema } from './calls.ts'
import { limits } from './limits.ts'
import { messageSchema } from './messages.ts'
import { pageQuerySchema, pageSchema } from './pages.ts'
import { callSettingsSchema, chatTypeSchema, permissionsSchema, roleSchema } from './permissions.ts'
import { userRefSchema, userSchema } from './users.ts'

/** What a chat is to everybody in it. */
export const chatInfoSchema = z.object({
  id: z.uuid(),
  type: chatTypeSchema,
  /** Null in a personal chat, which bears the other's name. */
  name: z.string().nullable(),
  description: z.string(),
  avatarId: z.uuid().nullable(),
  createdBy: z.uuid(),
  maxMembers: z.number().int(),
  memberCount: z.number().int(),
  callSettings: callSettingsSchema,
  createdAt: z.iso.datetime(),
})
export type ChatInfo = z.infer<typeof chatInfoSchema>

/** A chat as one member sees it. */
export const chatSchema = chatInfoSchema.extend({
  /** The other one of a personal chat. */
  peer: userSchema.nullable(),
  self: z.object({
    role: roleSchema,
    permissions: permissionsSchema,
    joinedAt: z.iso.datetime(),
    /** Messages up to this `seq` have been read. */
    readSeq: z.number().int(),
    /** The member wants no notifications from this chat, mentions apart. */
    muted: z.boolean(),
  }),
  /** `seq` of the newest message; 0 when there is none. */
  lastSeq: z.number().int(),
  lastMessage: messageSchema.nullable(),
  /** Up to `limits.unreadMax`, which then means: that many or more. */
  unreadCount: z.number().int(),
  /** The furthest that any other member has read; at or past a message's `seq`, somebody has read it. */
  othersReadSeq: z.number().int(),
  /** How many of the unread messages mention this member. */
  mentionCount: z.number().int(),
  /** The call that is on now. */
  call: callSchema.nullable(),
})
export type Chat = z.infer<typeof chatSchema>

export const chatNameSchema = z.string().trim().min(1).max(limits.chatNameMax)
export const chatDescriptionSchema = z.string().trim().max(limits.chatDescriptionMax)

export const createChatBodySchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('personal'), userId: z.uuid() }),
  z.strictObject({
    type: z.literal(['group', 'channel']),
    name: chatNameSchema,
    description: chatDescriptionSchema.default(''),
    avatarId: z.uuid().nullable().default(null),
    memberIds: z.array(z.uuid()).max(limits.channelMembersMax),
  }),
])
export type CreateChatBody = z.input<typeof createChatBodySchema>

export const chatParamsSchema = z.object({ chatId: z.uuid() })
export const chatListQuerySchema = pageQuerySchema
export const chatPageSchema = pageSchema(chatSchema)

export const memberSchema = z.object({
  user: userSchema,
  role: roleSchema,
  permissions: permissionsSchema,
  joinedAt: z.iso.datetime(),
  addedBy: userRefSchema.nullable(),
})
export type Member = z.infer<typeof memberSchema>
export const memberPageSchema = pageSchema(memberSchema)

/** What is left out stays as it is. */
export const updateChatBodySchema = z.strictObject({
  name: chatNameSchema.optional(),
  description: chatDescriptionSchema.optional(),
  avatarId: z.uuid().nullable().optional(),
  callSettings: callSettingsSchema.partial().strict().optional(),
})
export type UpdateChatBody = z.input<typeof updateChatBodySchema>

export const memberParamsSchema = z.object({ chatId: z.uuid(), userId: z.uuid() })

/** A list of members, by role and then name; `q` finds by name like the user search. */
export const memberListQuerySchema = pageQuerySchema.extend({
  q: z.string().trim().max(limits.searchQueryMax).default(''),
})

export const updateMemberBodySchema = z.strictObject({
  role: z.enum(['admin', 'member']).optional(),
  permissions: permissionsSchema.partial().strict().optional(),
})
export type UpdateMemberBody = z.input<typeof updateMemberBodySchema>

export const transferOwnershipBodySchema = z.strictObject({ userId: z.uuid() })
export const muteBodySchema = z.strictObject({ muted: z.boolean() })

export const addMembersBodySchema = z.strictObject({
  userIds: z.array(z.uuid()).min(1).max(limits.channelMembersMax),
})
export type AddMembersBody = z.input<typeof addMembersBodySchema>

/** Who was added; those who were members already are left out. */
export const addMembersAnswerSchema = z.object({ added: z.array(z.uuid()) })
