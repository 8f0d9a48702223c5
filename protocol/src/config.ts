import { z } from 'zod'

/** What a client may know of a server before anybody signs in. */
export const configSchema = z.object({
  /** Who may sign up. */
  registration: z.enum(['open', 'invite', 'closed']),
  /** Bytes of the largest attachment. */
  fileBytesMax: z.number().int(),
  /** Bytes of the largest picture of a user or chat. */
  avatarBytesMax: z.number().int(),
})
export type Config = z.infer<typeof configSchema>
