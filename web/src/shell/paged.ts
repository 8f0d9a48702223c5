import type { Page } from '@beseda/protocol/pages'
import { createSignal, onCleanup } from 'solid-js'

export type Paged<Item> = {
  status: 'busy' | 'done' | 'failed'
  items: Item[]
  cursor: string | null
  error: unknown
}

export type PagedSource<Item> = ReturnType<typeof createPaged<Item>>

/** A list page by page; an answer that a newer question has overtaken is dropped. */
export function createPaged<Item>(load: (cursor?: string) => Promise<Page<Item>>) {
  const [state, setState] = createSignal<Paged<Item>>({
    ...{ status: 'busy', items: [], cursor: null, error: undefined },
  })
  let question = 0
  let last: Parameters<typeof ask> = [[], null]
  onCleanup(() => {
    question += 1
  })

  async function ask(before: Item[], cursor: string | null) {
    question += 1
    last = [before, cursor]
    const asked = question
    setState((now) => ({ ...now, status: 'busy', error: undefined }))
    try {
      const page = await load(cursor ?? undefined)
      if (asked !== question) return
      const items = [...before, ...page.items]
      setState({ status: 'done', items, cursor: page.nextCursor, error: undefined })
    } catch (error) {
      if (asked === question) setState((now) => ({ ...now, status: 'failed', error }))
    }
  }

  return {
    state,
    /** Fetch from the beginning. */
    reload: () => void ask([], null),
    /** Fetch the next page. */
    more() {
      const { status, items, cursor } = state()
      if (status !== 'busy' && cursor !== null) void ask(items, cursor)
    },
    /** Ask again what failed. */
    retry: () => void ask(...last),
    /** Show newer versions of items at once. */
    change: (update: (items: Item[]) => Item[]) =>
      setState((now) => ({ ...now, items: update(now.items) })),
  }
}
