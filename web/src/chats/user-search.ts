import type { Rest } from '@beseda/client/rest'
import type { User } from '@beseda/protocol/users'
import { type Accessor, createEffect, createSignal, on, onCleanup } from 'solid-js'

const pauseMs = 200

type Found = {
  status: 'idle' | 'busy' | 'done' | 'failed'
  users: User[]
  cursor: string | null
  /** Why it failed. */
  error?: unknown
}

/**
 * Users that match what is being typed. Asks once typing pauses; an answer
 * that a newer question has overtaken is dropped. `null` asks nothing.
 */
export function createUserSearch(
  rest: Rest,
  query: Accessor<string | null>,
  keep: (user: User) => boolean,
) {
  const [found, setFound] = createSignal<Found>({ status: 'idle', users: [], cursor: null })
  let abort = new AbortController()

  async function ask(q: string, after: Found | null) {
    abort.abort()
    abort = new AbortController()
    const { signal } = abort
    setFound((before) => ({ ...before, status: 'busy' }))
    try {
      const cursor = after?.cursor ? { cursor: after.cursor } : {}
      const page = await rest.users({ q, limit: 30, ...cursor }, signal)
      const users = [...(after?.users ?? []), ...page.items.filter(keep)]
      if (!signal.aborted) setFound({ status: 'done', users, cursor: page.nextCursor })
    } catch (error) {
      if (!signal.aborted) setFound((before) => ({ ...before, status: 'failed', error }))
    }
  }

  createEffect(
    on(query, (q, before) => {
      if (q === null) {
        abort.abort()
        setFound({ status: 'idle', users: [], cursor: null })
        return
      }
      setFound((now) => ({ ...now, status: 'busy' }))
      const timer = setTimeout(() => void ask(q, null), before === undefined ? 0 : pauseMs)
      onCleanup(() => clearTimeout(timer))
    }),
  )
  onCleanup(() => abort.abort())

  return {
    found,
    /** Fetch the next page. */
    more() {
      const q = query()
      if (q !== null && found().cursor !== null) void ask(q, found())
    },
    retry() {
      const q = query()
      if (q !== null) void ask(q, null)
    },
  }
}
