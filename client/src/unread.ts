import type { Chat } from '@beseda/protocol/chats'
import type { Message, ReadAnswer } from '@beseda/protocol/messages'

/** What a user has not read in a chat. */
type Unread = Pick<Chat, 'unreadCount' | 'mentionCount'>

/**
 * Counts what is unread by two voices that overtake each other: the events of new
 * messages, and the server's answers to read markers, which have counted up to a `seq`.
 */
export function createUnreadCount(selfId: () => string | null) {
  /** What came since the newest read marker of a chat was sent, while its answer is awaited. */
  const arrivals = new Map<string, Message[]>()
  /** How far the server has counted: its word may outrun the events. */
  const countedTo = new Map<string, number>()

  /**
   * One more when another wrote the message, nothing when the user did, who has read the
   * chat to answer in it; a system message counts for nothing.
   */
  function withArrival({ unreadCount, mentionCount }: Unread, message: Message): Unread {
    const self = selfId()
    if (message.system !== null) return { unreadCount, mentionCount }
    if (message.sender?.id === self) return { unreadCount: 0, mentionCount: 0 }
    const mentioned = self !== null && message.mentions.includes(self)
    return { unreadCount: unreadCount + 1, mentionCount: mentionCount + (mentioned ? 1 : 0) }
  }

  return {
    /** What is unread now that a message has come which the chat did not have yet. */
    arrived({ id, unreadCount, mentionCount }: Chat, message: Message): Unread {
      arrivals.get(id)?.push(message)
      const isCounted = message.seq <= (countedTo.get(id) ?? 0)
      return isCounted
        ? { unreadCount, mentionCount }
        : withArrival({ unreadCount, mentionCount }, message)
    },
    /**
     * A read marker is sent. The answer goes to what this returns, which says what is
     * unread then; null where a later marker's answer will say more.
     */
    reading(chatId: string): (answer: ReadAnswer) => Unread | null {
      const since: Message[] = []
      arrivals.set(chatId, since)
      return ({ lastSeq, unreadCount, mentionCount }) => {
        if (arrivals.get(chatId) !== since) return null
        arrivals.delete(chatId)
        countedTo.set(chatId, lastSeq)
        return since
          .filter((message) => message.seq > lastSeq)
          .reduce(withArrival, { unreadCount, mentionCount })
      }
    },
    /** Begin anew: the chats were fetched, or are another user's. */
    reset() {
      arrivals.clear()
      countedTo.clear()
    },
  }
}
