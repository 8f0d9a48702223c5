import type { ClosedChat } from '@beseda/client/chats'
import { createEffect } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import type { Dictionary } from '../i18n/ru.ts'
import { fromStore, useClient } from './client.tsx'
import { useFeedback } from './feedback.ts'

/** Who closed the chat and why, in a sentence. */
export function closedText(t: Dictionary, { name, reason, actor }: ClosedChat): string {
  switch (reason) {
    case 'removed':
      return t.group.closedRemoved(name ?? '', actor)
    case 'deleted':
      return t.group.closedDeleted(name ?? '', actor)
    case 'left':
      return t.group.closedLeft(name ?? '')
  }
}

/** When a chat closes on this user, say so and leave it if it is the open one. */
export function leaveClosedChats(openChatId: () => string | undefined, onLeave: () => void): void {
  const { t } = useI18n()
  const feedback = useFeedback()
  const { closed } = useClient().chats
  const last = fromStore(closed)
  // What closed before this page was there has been said.
  let told = closed.get()
  createEffect(() => {
    const chat = last()
    if (!chat || chat === told) return
    told = chat
    const text = closedText(t(), chat)
    if (chat.reason === 'left') feedback.done(text)
    else feedback.problem(text)
    if (openChatId() === chat.chatId) onLeave()
  })
}
