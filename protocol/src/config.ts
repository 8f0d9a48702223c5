import { z } from 'zod'
import { registrationSchema, retentionSchema } from './administration.ts'
import { limits } from './limits.ts'

/** What a client may know of a server before anybody signs in. */
export const configSchema = z.object({
  /** Who may sign up. */
  registration: registrationSchema,
  /** Bytes of the largest attachment. */
  fileBytesMax: z.number().int(),
  /** Bytes of the largest picture of a user or chat. */
  avatarBytesMax: z.number().int(),
  /** Members of a group and of a channel. */
  groupMembersMax: z.number().int().default(limits.groupMembersMax),
  channelMembersMax: z.number().int().default(limits.channelMembersMax),
  /** How long things are kept here. */
  retention: retentionSchema.default({ messageDays: null, fileDays: null, callDays: null }),
})
export type Config = z.infer<typeof configSchema>
