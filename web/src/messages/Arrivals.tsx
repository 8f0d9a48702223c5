import type { Conversation } from '@beseda/client/conversation'
import type { Message } from '@beseda/protocol/messages'
import { createEffect, createSignal, on } from 'solid-js'
import { messageText } from '../attachments/words.ts'
import { useI18n } from '../i18n/i18n.tsx'
import { fromStore } from '../shell/client.tsx'
import { systemText } from './system-text.ts'

/**
 * Says to a screen reader what was just written. The list can't: its rows come
 * and go with scrolling, and every one would be read out.
 */
export function Arrivals(props: { conversation: Conversation; selfId: string }) {
  const { t } = useI18n()
  const state = fromStore(props.conversation.state)
  const [said, setSaid] = createSignal('')
  const words = (message: Message) => {
    if (message.system) return systemText(t(), message.system)
    return t().chats.from(message.sender?.displayName ?? '', messageText(t(), message))
  }
  createEffect(
    on(state, ({ messages }, before) => {
      const last = messages.at(-1)
      const held = before?.messages.at(-1)
      // A page of what was written earlier is not news.
      if (!last || !held || before?.hasNewer || last.seq !== held.seq + 1) return
      if (last.sender?.id !== props.selfId) setSaid(words(last))
    }),
  )
  return (
    <p class="hidden-visually" aria-live="polite">
      {said()}
    </p>
  )
}
