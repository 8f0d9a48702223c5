import type { Chat } from '@beseda/protocol/chats'
import type { Message } from '@beseda/protocol/messages'

/** What a user has not read in a chat. */
export type Unread = Pick<Chat, 'unreadCount' | 'mentionCount'>

/**
 * What is unread once `message` has come: one more when another wrote it, nothing when the
 * user did, who has read the chat to answer in it; a system message counts for nothing.
 */
export function withArrival(unread: Unread, message: Message, selfId: string | null): Unread {
  const { unreadCount, mentionCount } = unread
  if (message.system !== null) return { unreadCount, mentionCount }
  if (message.sender?.id === selfId) return { unreadCount: 0, mentionCount: 0 }
  const mentioned = selfId !== null && message.mentions.includes(selfId)
  return { unreadCount: unreadCount + 1, mentionCount: mentionCount + (mentioned ? 1 : 0) }
}
