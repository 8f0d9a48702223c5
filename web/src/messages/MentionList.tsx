import './MentionList.css'
import type { Chat } from '@beseda/protocol/chats'
import type { User } from '@beseda/protocol/users'
import { type Accessor, createEffect, createResource, createSignal, For, on } from 'solid-js'
import { UserRow } from '../chats/UserRow.tsx'
import { useI18n } from '../i18n/i18n.tsx'
import { useClient } from '../shell/client.tsx'
import { useSelf } from '../shell/self.ts'
import { settled } from '../shell/settled.ts'

const shownMax = 8

/** The members whom a half-written `@name` may mean, and the keys that choose among them. */
export function createMentions(options: {
  chat: Accessor<Chat>
  /** What stands after the `@`; null while there is none. */
  query: Accessor<string | null>
  onPick: (user: User) => void
}) {
  const { rest } = useClient()
  const self = useSelf()
  const [at, setAt] = createSignal(0)
  const asked = () => {
    const q = options.query()
    return q === null ? null : { q, chat: options.chat() }
  }
  const [found] = createResource(asked, async ({ q, chat }) => {
    const { peer, id } = chat
    if (peer) return peer.username.startsWith(q.toLowerCase()) ? [peer] : []
    const page = await rest.members(id, { limit: shownMax, ...(q && { q }) }).catch(() => null)
    return page?.items.map(({ user }) => user).filter((user) => user.id !== self()?.id) ?? []
  })
  const users = () => (options.query() === null ? [] : (settled(found) ?? []))
  createEffect(on(users, () => setAt(0)))
  return {
    users,
    at,
    /** Whether the key was for the list. */
    onKey(event: KeyboardEvent): boolean {
      const shown = users()
      const chosen = shown[at()]
      if (!chosen || event.isComposing) return false
      if (event.key === 'ArrowDown') setAt((at() + 1) % shown.length)
      else if (event.key === 'ArrowUp') setAt((at() + shown.length - 1) % shown.length)
      else if (event.key === 'Enter' || event.key === 'Tab') options.onPick(chosen)
      else return false
      event.preventDefault()
      return true
    },
  }
}

/** Those who may be meant, above the composer. */
export function MentionList(props: {
  id: string
  users: User[]
  at: number
  onPick: (user: User) => void
}) {
  const { t } = useI18n()
  return (
    <div class="mention-list" id={props.id} role="listbox" aria-label={t().messages.mentions}>
      <For each={props.users}>
        {(user, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the text field's
          <div
            class="mention-list__one"
            id={`${props.id}-${index()}`}
            role="option"
            tabIndex={-1}
            aria-selected={index() === props.at}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => props.onPick(user)}
          >
            <UserRow user={user} status={user.status} size="s" />
          </div>
        )}
      </For>
    </div>
  )
}
