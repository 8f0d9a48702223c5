import { z } from 'zod'
import { callTypeSchema } from './calls.ts'
import { inviteCodeSchema } from './invites.ts'
import { limits } from './limits.ts'
import { pageQuerySchema, pageSchema } from './pages.ts'
import { accountRoleSchema } from './permissions.ts'
import { userSchema } from './users.ts'

/** The file in `DATA_DIR` whose content lets the command line of the same machine administer. */
export const hostTokenFile = 'admin-token'

/** A link that is shown once, to whoever made it. */
export const madeLinkSchema = z.object({ url: z.string(), expiresAt: z.iso.datetime() })
export type MadeLink = z.infer<typeof madeLinkSchema>

/** A backup that the server has laid out in this folder of its `DATA_DIR`, to be packed. */
export const stagedBackupSchema = z.object({
  folder: z.string().regex(/^staging-[\da-f-]{36}$/),
})
export type StagedBackup = z.infer<typeof stagedBackupSchema>

/** What an administrator sees first. */
export const overviewSchema = z.object({
  /** False on a server that nobody owns yet. */
  hasOwner: z.boolean(),
  users: z.number().int(),
})
export type Overview = z.infer<typeof overviewSchema>

/** An account as administrators see it. */
export const adminUserSchema = userSchema.extend({
  serverRole: accountRoleSchema,
  createdAt: z.iso.datetime(),
  /** Null while the account is open. */
  disabledAt: z.iso.datetime().nullable(),
  /** How many places it is signed in at. */
  sessions: z.number().int(),
})
export type AdminUser = z.infer<typeof adminUserSchema>
export const adminUserPageSchema = pageSchema(adminUserSchema)
export const adminUserParamsSchema = z.object({ userId: z.uuid() })
export const adminUserSessionParamsSchema = z.object({ userId: z.uuid(), sessionId: z.uuid() })

export const updateAdminUserBodySchema = z.strictObject({
  disabled: z.boolean().optional(),
  serverRole: accountRoleSchema.optional(),
})
export type UpdateAdminUserBody = z.input<typeof updateAdminUserBodySchema>

/** Who may sign up: everybody; whoever has an invitation to the server or to a chat; nobody. */
export const registrationSchema = z.enum(['open', 'invite', 'closed'])
export type Registration = z.infer<typeof registrationSchema>

const days = z.number().int().min(1).max(36_500).nullable()
/** Days after which something is deleted; null keeps it for ever. */
export const retentionSchema = z.object({
  /** What was written, with its files; the place of a message stays, as of one that was deleted. */
  messageDays: days,
  /** Attachments alone; what was written beside them stays. */
  fileDays: days,
  /** Who was in which call when. */
  callDays: days,
})
export type Retention = z.infer<typeof retentionSchema>

/** How large things may be. */
export const serverLimitsSchema = z.object({
  groupMembers: z.number().int().min(2).max(limits.channelMembersMax),
  channelMembers: z.number().int().min(2).max(limits.channelMembersMax),
  /** Of the largest attachment; a megabyte is 2^20 bytes. */
  fileMegabytes: z.number().int().min(1).max(2000),
  /** Calls that one user may start in a minute. */
  callStartsPerMinute: z.number().int().min(1).max(1000),
})
export type ServerLimits = z.infer<typeof serverLimitsSchema>

/** What administrators decide while the server runs. */
export const serverRulesSchema = z.object({
  registration: registrationSchema,
  retention: retentionSchema,
  limits: serverLimitsSchema,
})
export type ServerRules = z.infer<typeof serverRulesSchema>

/** What is left out stays as it is. */
export const updateServerRulesBodySchema = z.strictObject({
  registration: registrationSchema.optional(),
  retention: retentionSchema.partial().strict().optional(),
  limits: serverLimitsSchema.partial().strict().optional(),
})
export type UpdateServerRulesBody = z.input<typeof updateServerRulesBodySchema>

/** An invitation to the server, for somebody without an account. The page makes the link: `/join/<code>`. */
export const serverInviteSchema = z.object({
  code: inviteCodeSchema,
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  maxUses: z.number().int().nullable(),
  uses: z.number().int(),
})
export type ServerInvite = z.infer<typeof serverInviteSchema>
/** The invitations that still work, newest first. */
export const serverInviteListSchema = z.object({
  items: z.array(serverInviteSchema),
  nextCursor: z.null(),
})
/** What somebody sees who opens the link. */
export const serverInvitePreviewSchema = z.object({
  code: inviteCodeSchema,
  invitedBy: z.string(),
  expiresAt: z.iso.datetime().nullable(),
})
export type ServerInvitePreview = z.infer<typeof serverInvitePreviewSchema>

/** A call that is on. */
export const liveCallSchema = z.object({
  id: z.uuid(),
  chatId: z.uuid(),
  /** Null of a personal chat. */
  chatName: z.string().nullable(),
  initiator: z.string(),
  type: callTypeSchema,
  status: z.enum(['ringing', 'active']),
  createdAt: z.iso.datetime(),
  node: z.string(),
  /** The names of those who are in. */
  peers: z.array(z.string()),
})
export type LiveCall = z.infer<typeof liveCallSchema>
export const liveCallListSchema = z.object({ items: z.array(liveCallSchema), nextCursor: z.null() })

/** An SFU node that is alive. */
export const liveNodeSchema = z.object({
  node: z.string(),
  /** Where browsers find it; null means the server's host name with `port`. */
  publicUrl: z.string().nullable(),
  port: z.number().int(),
  /** Consumers and producers that are open. */
  load: z.number().int(),
  draining: z.boolean(),
  calls: z.number().int(),
})
export type LiveNode = z.infer<typeof liveNodeSchema>
export const liveNodeListSchema = z.object({ items: z.array(liveNodeSchema), nextCursor: z.null() })
export const nodeParamsSchema = z.object({ node: z.string().min(1).max(100) })
export const drainBodySchema = z.strictObject({ on: z.boolean() })

/** Every administrative act that is written down. */
export const auditActionSchema = z.enum([
  'owner.linkMade',
  'owner.claimed',
  'role.changed',
  'user.disabled',
  'user.enabled',
  'user.resetLinkMade',
  'user.passwordReset',
  'registration.changed',
  'retention.changed',
  'limits.changed',
  'invite.made',
  'invite.revoked',
  'call.ended',
  'node.drained',
  'node.opened',
  'session.ended',
  'sessions.ended',
])
export type AuditAction = z.infer<typeof auditActionSchema>

/** Who acted, or to whom it was done; the id is null for the command line, nodes and the like. */
const partySchema = z.object({ id: z.uuid().nullable(), name: z.string() })

/** One line of the audit log. */
export const auditEntrySchema = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  /** Newer servers write actions that an older page does not know. */
  action: z.string(),
  actor: partySchema,
  target: partySchema.nullable(),
  /** The address that the request came from. */
  ip: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
})
export type AuditEntry = z.infer<typeof auditEntrySchema>
export const auditQuerySchema = pageQuerySchema
export const auditPageSchema = pageSchema(auditEntrySchema)
