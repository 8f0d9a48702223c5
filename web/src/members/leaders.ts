import type { Rest } from '@beseda/client/rest'
import type { Chat } from '@beseda/protocol/chats'
import { limits } from '@beseda/protocol/limits'
import type { Role } from '@beseda/protocol/permissions'
import { type Accessor, createMemo, createResource } from 'solid-js'
import { settled } from '../shell/settled.ts'

/** The roles of owner and admins by user id; the others are members. */
export type Leaders = ReadonlyMap<string, Role>

/** Fetch who leads a chat. Members come by role: the first plain one ends it. @throws RequestError */
export async function fetchLeaders(rest: Pick<Rest, 'members'>, chatId: string): Promise<Leaders> {
  const leaders = new Map<string, Role>()
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<Rest['members']>> = await rest.members(chatId, {
      limit: limits.pageSizeMax,
      ...(cursor && { cursor }),
    })
    const leading = page.items.filter(({ role }) => role !== 'member')
    for (const { user, role } of leading) leaders.set(user.id, role)
    cursor = leading.length === page.items.length ? page.nextCursor : null
  } while (cursor)
  return leaders
}

/**
 * Who leads the chat, for an admin: what admins may do to others depends on it,
 * and nobody else has to know. Null until it is known.
 */
export function createLeaders(rest: Rest, chat: Accessor<Chat>): Accessor<Leaders | null> {
  const changes = createMemo<number>((before) => {
    const event = chat().lastMessage?.system?.event
    const isChange = event === 'member.role' || event === 'chat.owner'
    return isChange ? (chat().lastMessage?.seq ?? before) : before
  }, 0)
  const [leaders] = createResource(
    () => chat().self.role === 'admin' && `${chat().id} ${changes()}`,
    // Whoever is not known to lead is taken for a member; the server refuses the rest.
    () => fetchLeaders(rest, chat().id).catch((): Leaders => new Map()),
  )
  return () => settled(leaders) ?? null
}

/** The role of somebody who wrote here; of those who left too, null. */
export function roleOf(chat: Chat, leaders: Leaders | null, userId: string): Role | null {
  if (chat.self.role !== 'admin') return null
  // Before it is known nothing is offered that may be refused.
  return leaders === null ? 'owner' : (leaders.get(userId) ?? 'member')
}
