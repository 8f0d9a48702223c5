import type { Chat, Member } from '@beseda/protocol/chats'
import { can } from '@beseda/protocol/permissions'

export type MemberAction = 'makeAdmin' | 'makeMember' | 'permissions' | 'handOver' | 'remove'

/** What the reader may do to another member, in the order of the menu. */
export function memberActions(chat: Chat, selfId: string, member: Member): MemberAction[] {
  if (member.user.id === selfId) return []
  const target = member.role
  const may = (action: Parameters<typeof can>[2]) => can(chat.self, chat, action)
  const actions: (MemberAction | false)[] = [
    target === 'member' && may({ do: 'changeRole', target, to: 'admin' }) && 'makeAdmin',
    target === 'admin' && may({ do: 'changeRole', target, to: 'member' }) && 'makeMember',
    // An admin has every permission by role.
    target === 'member' && may({ do: 'changePermissions', target, changed: [] }) && 'permissions',
    may({ do: 'transferOwnership' }) && 'handOver',
    may({ do: 'removeMember', target }) && 'remove',
  ]
  return actions.filter((action) => action !== false)
}
