import type { Rest } from '@beseda/client/rest'
import type { FoundMessage, MessageSearchQuery } from '@beseda/protocol/messages'
import { type Accessor, createEffect, createSignal, on, onCleanup } from 'solid-js'

const pauseMs = 250

/** What to look for, and where: in all own chats, or in one; by anybody, or by one. */
type Question = Pick<MessageSearchQuery, 'q' | 'chatId' | 'senderId'>

type Found = {
  status: 'busy' | 'done' | 'failed'
  items: FoundMessage[]
  cursor: string | null
  /** Why it failed. */
  error?: unknown
}

/**
 * Messages of the own chats that match what is being typed. Asks once typing
 * pauses; an answer that a newer question has overtaken is dropped.
 */
export function createMessageSearch(rest: Rest, question: Accessor<Question>) {
  const [found, setFound] = createSignal<Found>({ status: 'busy', items: [], cursor: null })
  let abort = new AbortController()

  async function ask(asked: Question, after: Found | null) {
    abort.abort()
    abort = new AbortController()
    const { signal } = abort
    setFound((before) => ({ ...before, status: 'busy' }))
    try {
      const cursor = after?.cursor ? { cursor: after.cursor } : {}
      const page = await rest.searchMessages({ ...asked, limit: 20, ...cursor }, signal)
      const items = [...(after?.items ?? []), ...page.items]
      if (!signal.aborted) setFound({ status: 'done', items, cursor: page.nextCursor })
    } catch (error) {
      if (!signal.aborted) setFound({ status: 'failed', items: [], cursor: null, error })
    }
  }

  createEffect(
    on(question, (asked) => {
      setFound((now) => ({ ...now, status: 'busy' }))
      const timer = setTimeout(() => void ask(asked, null), pauseMs)
      onCleanup(() => clearTimeout(timer))
    }),
  )
  onCleanup(() => abort.abort())

  return {
    found,
    /** Fetch the next page. */
    more() {
      if (found().cursor !== null) void ask(question(), found())
    },
    retry: () => void ask(question(), null),
  }
}
