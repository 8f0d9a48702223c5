import type { Rest } from '@beseda/client/rest'
import type { FoundMessage } from '@beseda/protocol/messages'
import { type Accessor, createEffect, createSignal, on, onCleanup } from 'solid-js'

const pauseMs = 250

type Found = { busy: boolean; items: FoundMessage[]; cursor: string | null }

/**
 * Messages of the own chats that match what is being typed. Asks once typing
 * pauses; an answer that a newer question has overtaken is dropped.
 */
export function createMessageSearch(rest: Rest, query: Accessor<string>) {
  const [found, setFound] = createSignal<Found>({ busy: true, items: [], cursor: null })
  let abort = new AbortController()

  async function ask(q: string, after: Found | null) {
    abort.abort()
    abort = new AbortController()
    const { signal } = abort
    setFound((before) => ({ ...before, busy: true }))
    try {
      const cursor = after?.cursor ? { cursor: after.cursor } : {}
      const page = await rest.searchMessages({ q, limit: 20, ...cursor }, signal)
      const items = [...(after?.items ?? []), ...page.items]
      if (!signal.aborted) setFound({ busy: false, items, cursor: page.nextCursor })
    } catch {
      // The people's half of the search says that the server is out of reach.
      if (!signal.aborted) setFound({ busy: false, items: [], cursor: null })
    }
  }

  createEffect(
    on(query, (q) => {
      setFound((now) => ({ ...now, busy: true }))
      const timer = setTimeout(() => void ask(q, null), pauseMs)
      onCleanup(() => clearTimeout(timer))
    }),
  )
  onCleanup(() => abort.abort())

  return {
    found,
    /** Fetch the next page. */
    more() {
      if (found().cursor !== null) void ask(query(), found())
    },
  }
}
