import type { MessageListQuery, MessagePage } from '@beseda/protocol/messages'

/** Fetches pages of a chat's history. */
export type Pages = ReturnType<typeof createPages>

/**
 * Fetch pages that are no older than the events: those come another way, and
 * one that overtook the answer speaks of a message that nobody held yet.
 */
export function createPages(fetch: (query: MessageListQuery) => Promise<MessagePage>) {
  const underWay = new Set<Set<string>>()
  return {
    /** A page; asked for again when one of its messages changed meanwhile. @throws RequestError */
    async get(query: MessageListQuery): Promise<MessagePage> {
      for (;;) {
        const changed = new Set<string>()
        underWay.add(changed)
        const page = await fetch(query).finally(() => underWay.delete(changed))
        const isStale = page.items.some(
          ({ id, replyTo }) => changed.has(id) || (replyTo !== null && changed.has(replyTo.id)),
        )
        if (!isStale) return page
      }
    },
    /** An event told of a change of this message. */
    note(messageId: string) {
      for (const changed of underWay) changed.add(messageId)
    },
  }
}
