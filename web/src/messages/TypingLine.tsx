import './TypingLine.css'
import type { Chat } from '@beseda/protocol/chats'
import { limits } from '@beseda/protocol/limits'
import { createResource, Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { fromStore, useClient } from '../shell/client.tsx'
import { settled } from '../shell/settled.ts'
import { typingText } from './typing.ts'

/** Who writes now, under the messages. */
export function TypingLine(props: { chat: Chat }) {
  const { t } = useI18n()
  const client = useClient()
  const typing = fromStore(client.chats.typing)
  const userIds = () => typing()[props.chat.id] ?? []
  // Names are fetched when somebody first writes.
  const [members] = createResource(
    () => props.chat.peer === null && userIds().length > 0,
    () =>
      client.rest.members(props.chat.id, { limit: limits.pageSizeMax }).then(
        ({ items }) => items.map(({ user }) => user),
        () => [],
      ),
  )
  const known = () => (props.chat.peer ? [props.chat.peer] : (settled(members) ?? []))
  const text = () => typingText(t(), userIds(), known())
  return (
    <p class="typing-line" role="status">
      <Show when={text() !== ''}>
        <span class="typing-line__dots" aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
        {text()}
      </Show>
    </p>
  )
}
