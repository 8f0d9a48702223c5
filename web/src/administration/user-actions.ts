import type { AdminUser } from '@beseda/protocol/administration'
import { type AccountRole, canAdminister } from '@beseda/protocol/permissions'

/** What can be done to an account from its row. */
export type UserAction =
  | 'sessions'
  | 'resetLink'
  | 'makeAdmin'
  | 'makeMember'
  | 'enable'
  | 'disable'

/** What somebody of this role may do to an account, in the order of the menu. */
export function userActions(role: AccountRole, selfId: string, user: AdminUser): UserAction[] {
  const own = user.id === selfId
  const target = user.serverRole
  const may = {
    sessions: canAdminister(role, { do: 'endSessions', target, own }),
    resetLink: !user.disabledAt && canAdminister(role, { do: 'resetPassword', target, own }),
    makeAdmin:
      target === 'member' &&
      canAdminister(role, { do: 'changeServerRole', target, to: 'admin', own }),
    makeMember:
      target === 'admin' &&
      canAdminister(role, { do: 'changeServerRole', target, to: 'member', own }),
    enable: user.disabledAt !== null && canAdminister(role, { do: 'enableUser', target }),
    disable: !user.disabledAt && canAdminister(role, { do: 'disableUser', target, own }),
  }
  return (Object.keys(may) as UserAction[]).filter((action) => may[action])
}
