import type { Chat } from '@beseda/protocol/chats'
import type { FoundMessage } from '@beseda/protocol/messages'
import { For, Show } from 'solid-js'
import { messageText } from '../attachments/words.ts'
import { useI18n } from '../i18n/i18n.tsx'
import { Avatar } from '../ui/Avatar.tsx'
import { chatFace, chatName, userFace } from './face.ts'
import { highlightedExcerpt } from './highlight.ts'

/** A message that was found: its chat, who wrote it, the text. */
export function FoundMessageRow(props: {
  found: FoundMessage
  /** Whose face and name stand at its head: the sender's where all are of one chat. */
  heading: 'chat' | 'sender'
  /** What was asked for. */
  query: string
  /** Its chat, if the list has it. */
  chat: Chat | undefined
  now: Date
  onOpen: () => void
}) {
  const { t, times } = useI18n()
  const message = () => props.found.message
  const headedByChat = () => props.heading === 'chat'
  const senderName = () => message().sender?.displayName ?? t().messages.someone
  const face = () => {
    if (headedByChat() && props.chat) return chatFace(props.chat)
    const { sender } = message()
    return sender ? userFace(sender) : { id: message().chatId, name: '' }
  }
  const name = () => {
    if (!headedByChat()) return senderName()
    return props.chat ? chatName(props.chat) : (props.found.chat.name ?? '')
  }
  return (
    <button type="button" class="chat-row" onClick={props.onOpen}>
      <Avatar {...face()} />
      <span class="chat-row__text">
        <span class="chat-row__line">
          <span class="chat-row__name" dir="auto">
            {name()}
          </span>
          <time class="chat-row__time" datetime={message().createdAt}>
            {times().brief(message().createdAt, props.now)}
          </time>
        </span>
        <span class="chat-row__line">
          <span class="chat-row__preview" dir="auto">
            <Show when={headedByChat()}>{`${senderName()}: `}</Show>
            <For each={highlightedExcerpt(messageText(t(), message()), props.query)}>
              {(piece) =>
                piece.hit ? <mark class="chat-row__hit">{piece.text}</mark> : piece.text
              }
            </For>
          </span>
        </span>
      </span>
    </button>
  )
}
