import './PinnedBar.css'
import type { Chat } from '@beseda/protocol/chats'
import type { Message } from '@beseda/protocol/messages'
import ChevronDown from 'lucide-solid/icons/chevron-down'
import Pin from 'lucide-solid/icons/pin'
import PinOff from 'lucide-solid/icons/pin-off'
import { createResource, createSignal, Show } from 'solid-js'
import { messageText } from '../attachments/words.ts'
import { useI18n } from '../i18n/i18n.tsx'
import { useClient } from '../shell/client.tsx'
import { settled } from '../shell/settled.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { Keyed } from '../ui/Keyed.tsx'

/** The pinned messages of a chat: the last one, and all of them on demand. */
export function PinnedBar(props: {
  chat: Chat
  /** Changes when a pin may have changed. */
  version: string
  mayPin: boolean
  onUnpin: (message: Message) => void
  onOpen: (seq: number) => void
}) {
  const { t } = useI18n()
  const { rest } = useClient()
  const [shown, setShown] = createSignal(false)
  const [pins] = createResource(
    () => `${props.chat.id} ${props.version}`,
    () =>
      rest.pins(props.chat.id).then(
        ({ items }) => items,
        () => [],
      ),
  )
  const newest = () =>
    [...(settled(pins) ?? [])].sort((a, b) => (b.pinnedAt ?? '').localeCompare(a.pinnedAt ?? ''))
  const listed = () => (shown() ? newest() : newest().slice(0, 1))
  const open = (seq: number) => {
    setShown(false)
    props.onOpen(seq)
  }
  return (
    <Show when={newest().length > 0}>
      <section class="pinned-bar" aria-label={t().messages.pinned}>
        <ul class="pinned-bar__list">
          <Keyed each={listed()} by={(message) => message.id}>
            {(message) => (
              <li class="pinned-bar__row">
                <button type="button" class="pinned-bar__one" onClick={() => open(message().seq)}>
                  <Pin aria-hidden="true" />
                  <strong dir="auto">{message().sender?.displayName}</strong>
                  <span dir="auto">{messageText(t(), message())}</span>
                </button>
                <Show when={shown() && props.mayPin}>
                  <IconButton
                    label={t().messages.unpin}
                    size="small"
                    onClick={() => props.onUnpin(message())}
                  >
                    <PinOff aria-hidden="true" />
                  </IconButton>
                </Show>
              </li>
            )}
          </Keyed>
        </ul>
        <IconButton
          label={t().messages.pinned}
          size="small"
          side="bottom"
          expanded={shown()}
          onClick={() => setShown(!shown())}
        >
          <ChevronDown aria-hidden="true" />
        </IconButton>
      </section>
    </Show>
  )
}
