import type { PresenceState } from '@beseda/client/chats'
import type { Chat } from '@beseda/protocol/chats'
import type { Status, User } from '@beseda/protocol/users'
import { pictureUrl } from '../shell/client.tsx'

/** What a chat is called: its name, or the other one's. */
export const chatName = (chat: Chat) => chat.name ?? chat.peer?.displayName ?? ''

/** What an Avatar needs to show a chat. */
export function chatFace(chat: Chat): { id: string; name: string; src: string | null } {
  const { id, avatarId } = chat.peer ?? chat
  return { id, name: chatName(chat), src: pictureUrl(avatarId) }
}

/** What an Avatar needs to show a user. */
export function userFace(user: Pick<User, 'id' | 'displayName' | 'avatarId'>) {
  return { id: user.id, name: user.displayName, src: pictureUrl(user.avatarId) }
}

/** A user's status by the newest word on it. */
export function presenceOf(
  presence: PresenceState,
  user: User,
): { status: Status; lastSeenAt: string | null } {
  return presence[user.id] ?? user
}
