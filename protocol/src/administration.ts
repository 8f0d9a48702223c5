import { z } from 'zod'
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

/** Every administrative act that is written down. */
export const auditActionSchema = z.enum([
  'owner.linkMade',
  'owner.claimed',
  'role.changed',
  'user.disabled',
  'user.enabled',
  'user.resetLinkMade',
  'user.passwordReset',
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
