import type { Rest } from '@beseda/client/rest'
import type { Member } from '@beseda/protocol/chats'
import { limits } from '@beseda/protocol/limits'
import { type Accessor, createEffect, createSignal, on, onCleanup } from 'solid-js'

const typingPauseMs = 200
/** Several changes at once are fetched together. */
const changePauseMs = 100

type Listed = { status: 'busy' | 'done' | 'failed'; members: Member[]; cursor: string | null }

/**
 * The members of a chat that match what is being typed, page by page. An answer
 * that a newer question has overtaken is dropped.
 */
export function createMemberList(rest: Rest, chatId: string, query: Accessor<string>) {
  const [listed, setListed] = createSignal<Listed>({ status: 'busy', members: [], cursor: null })
  let question = 0
  let changeTimer: ReturnType<typeof setTimeout> | undefined

  /** Fetch from `start` on until there are `wanted` members or no more. */
  async function ask(start: Pick<Listed, 'members' | 'cursor'>, wanted: number) {
    question += 1
    const asked = question
    const members = [...start.members]
    let cursor = start.cursor
    setListed((before) => ({ ...before, status: 'busy' }))
    try {
      do {
        const q = query()
        const page: Awaited<ReturnType<Rest['members']>> = await rest.members(chatId, {
          limit: limits.pageSizeMax,
          ...(q && { q }),
          ...(cursor && { cursor }),
        })
        if (asked !== question) return
        members.push(...page.items)
        cursor = page.nextCursor
      } while (cursor && members.length < wanted)
      setListed({ status: 'done', members, cursor })
    } catch {
      if (asked === question) setListed((before) => ({ ...before, status: 'failed' }))
    }
  }

  const restart = (wanted: number) => void ask({ members: [], cursor: null }, wanted)

  createEffect(
    on(query, (_, before) => {
      const timer = setTimeout(() => restart(1), before === undefined ? 0 : typingPauseMs)
      onCleanup(() => clearTimeout(timer))
    }),
  )
  onCleanup(() => {
    question += 1
    clearTimeout(changeTimer)
  })

  return {
    listed,
    /** Fetch the next page. */
    more() {
      const now = listed()
      if (now.status === 'done' && now.cursor) void ask(now, now.members.length + 1)
    },
    /** Fetch again what is shown: somebody came, went or changed. */
    refresh() {
      clearTimeout(changeTimer)
      changeTimer = setTimeout(() => restart(listed().members.length), changePauseMs)
    },
    /** Show a newer version of a member at once. */
    put(member: Member) {
      setListed((now) => ({
        ...now,
        members: now.members.map((one) => (one.user.id === member.user.id ? member : one)),
      }))
    },
  }
}
