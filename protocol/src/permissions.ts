import { z } from 'zod'

export const chatTypeSchema = z.enum(['personal', 'group', 'channel'])
export type ChatType = z.infer<typeof chatTypeSchema>

export const roleSchema = z.enum(['owner', 'admin', 'member'])
export type Role = z.infer<typeof roleSchema>

/** What a member may do beyond the role's own rights. */
export const permissionsSchema = z.object({
  canAddMembers: z.boolean(),
  canRemoveMembers: z.boolean(),
  canEditInfo: z.boolean(),
  canStartCall: z.boolean(),
})
export type Permissions = z.infer<typeof permissionsSchema>

export const defaultPermissions: Permissions = {
  canAddMembers: false,
  canRemoveMembers: false,
  canEditInfo: false,
  canStartCall: true,
}

export const callSettingsSchema = z.object({
  /** Members' microphones are refused; owner and admins still speak. */
  muteAll: z.boolean(),
  /** Only owner and admins may publish anything. */
  onlyAdminsCanSpeak: z.boolean(),
})
export type CallSettings = z.infer<typeof callSettingsSchema>

/** What the rules need to know of the one who acts. */
export type Actor = { role: Role; permissions: Permissions }

/** What the rules need to know of the chat. */
export type ChatRules = { type: ChatType; callSettings: CallSettings }

export type Permission = keyof Permissions

/** Everything that a member can ask to do in a chat, with what the rule needs to know. */
export type Action =
  | { do: 'read' }
  | { do: 'post' }
  | { do: 'react' }
  | { do: 'editMessage'; own: boolean }
  /** `senderRole` is null when the sender is no longer a member. */
  | { do: 'deleteMessage'; own: boolean; senderRole: Role | null }
  | { do: 'pin' }
  | { do: 'addMembers' }
  /** Make, list and revoke invitations. */
  | { do: 'invite' }
  | { do: 'removeMember'; target: Role }
  | { do: 'changeRole'; target: Role; to: 'admin' | 'member' }
  | { do: 'changePermissions'; target: Role; changed: Permission[] }
  | { do: 'transferOwnership' }
  | { do: 'editInfo' }
  | { do: 'editCallSettings' }
  | { do: 'leave' }
  | { do: 'deleteChat' }
  | { do: 'startCall' }
  | { do: 'joinCall' }
  | { do: 'endCall'; startedByActor: boolean }
  /** Mute, put out of a call, or let speak. */
  | { do: 'mutePeer' | 'removePeer' | 'allowToSpeak'; target: Role }
  /** `granted`: was allowed to speak for the length of the call. */
  | {
      do: 'publish'
      source: 'microphone' | 'camera' | 'screen' | 'screenAudio'
      granted: boolean
    }

/**
 * What somebody is on the whole server, chats apart. `host` is whoever holds the machine and
 * comes by the command line; nobody has it as an account.
 */
export const serverRoleSchema = z.enum(['member', 'admin', 'owner', 'host'])
export type ServerRole = z.infer<typeof serverRoleSchema>
/** The roles that an account can have. */
export const accountRoleSchema = serverRoleSchema.exclude(['host'])
export type AccountRole = z.infer<typeof accountRoleSchema>

/** Everything that administers a server, with what the rule needs to know. */
export type AdminAction =
  /** See users, sessions, settings, calls, nodes and the audit log. */
  | { do: 'look' }
  | { do: 'makeOwnerLink' }
  /** Lay out everything that is kept, for whoever holds the machine. */
  | { do: 'backUp' }
  /** `own`: the account is the actor's. */
  | { do: 'changeServerRole'; target: AccountRole; to: AccountRole; own: boolean }
  | { do: 'disableUser' | 'resetPassword' | 'endSessions'; target: AccountRole; own: boolean }
  | { do: 'enableUser'; target: AccountRole }
  | { do: 'changeRegistration' | 'inviteToServer' }
  /** What is deleted after a time, and how large things may be. */
  | { do: 'changeRetention' | 'changeLimits' }
  | { do: 'endAnyCall' | 'drainNode' }

const serverRank: Record<ServerRole, number> = { member: 0, admin: 1, owner: 2, host: 3 }

/**
 * May this role do this to the server? The only place where that is decided. Nobody disables
 * or demotes an equal or themselves; what deletes other people's words is the owner's.
 */
export function canAdminister(role: ServerRole, action: AdminAction): boolean {
  if (serverRank[role] < serverRank.admin) return false
  switch (action.do) {
    case 'look':
    case 'changeRegistration':
    case 'inviteToServer':
    case 'endAnyCall':
    case 'drainNode':
      return true
    case 'makeOwnerLink':
    case 'backUp':
      return role === 'host'
    case 'changeRetention':
    case 'changeLimits':
      return serverRank[role] >= serverRank.owner
    case 'changeServerRole':
      return (
        serverRank[role] >= serverRank.owner &&
        !action.own &&
        serverRank[role] > serverRank[action.target] &&
        serverRank[role] > serverRank[action.to]
      )
    case 'disableUser':
    case 'resetPassword':
    case 'endSessions':
      return !action.own && serverRank[role] > serverRank[action.target]
    case 'enableUser':
      return serverRank[role] > serverRank[action.target]
  }
}

const rank: Record<Role, number> = { member: 0, admin: 1, owner: 2 }
const leads = (actor: Actor) => actor.role !== 'member'
const outranks = (actor: Actor, target: Role) => rank[actor.role] > rank[target]

/** Owner and admins have every permission; a member has those that were given. */
export function holds(actor: Actor, permission: Permission): boolean {
  return leads(actor) || actor.permissions[permission]
}

/**
 * May this member do this in this chat? The only place where that is decided:
 * routes, call tokens and the page ask here. Whoever is not a member never
 * gets this far (they are told that the chat does not exist).
 */
export function can(actor: Actor, chat: ChatRules, action: Action): boolean {
  switch (action.do) {
    case 'read':
    case 'joinCall':
      return true
    case 'post':
      return chat.type !== 'channel' || leads(actor)
    case 'react':
      return true
    case 'editMessage':
      return action.own && can(actor, chat, { do: 'post' })
    case 'deleteMessage':
      if (action.own) return true
      return (
        chat.type !== 'personal' && leads(actor) && outranks(actor, action.senderRole ?? 'member')
      )
    case 'pin':
      return chat.type === 'personal' || holds(actor, 'canEditInfo')
    case 'addMembers':
    case 'invite':
      return chat.type !== 'personal' && holds(actor, 'canAddMembers')
    case 'removeMember':
      if (chat.type === 'personal') return false
      if (leads(actor)) return outranks(actor, action.target)
      // The permission is what lifts a member above other members.
      return actor.permissions.canRemoveMembers && action.target === 'member'
    case 'changeRole':
      return chat.type !== 'personal' && actor.role === 'owner' && action.target !== 'owner'
    case 'changePermissions':
      return (
        chat.type !== 'personal' &&
        leads(actor) &&
        outranks(actor, action.target) &&
        action.changed.every((permission) => holds(actor, permission))
      )
    case 'transferOwnership':
    case 'deleteChat':
      return chat.type !== 'personal' && actor.role === 'owner'
    case 'editInfo':
      return chat.type !== 'personal' && holds(actor, 'canEditInfo')
    case 'editCallSettings':
      return chat.type !== 'personal' && leads(actor)
    case 'leave':
      return chat.type !== 'personal' && actor.role !== 'owner'
    case 'startCall':
      if (chat.type === 'personal') return true
      if (chat.type === 'channel') return leads(actor)
      return leads(actor) || actor.permissions.canStartCall
    case 'endCall':
      return chat.type === 'personal' || leads(actor) || action.startedByActor
    case 'mutePeer':
    case 'removePeer':
    case 'allowToSpeak':
      return chat.type !== 'personal' && leads(actor) && outranks(actor, action.target)
    case 'publish':
      if (chat.type === 'personal' || leads(actor) || action.granted) return true
      if (chat.type === 'channel' || chat.callSettings.onlyAdminsCanSpeak) return false
      return action.source !== 'microphone' || !chat.callSettings.muteAll
  }
}
