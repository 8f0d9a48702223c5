import type { Chat } from '@beseda/protocol/chats'
import { messageText } from '../attachments/words.ts'
import type { Dictionary } from '../i18n/ru.ts'
import { systemText } from '../messages/system-text.ts'

/** The newest message of a chat in one line. */
export function previewText(t: Dictionary, chat: Chat, selfId: string): string {
  const message = chat.lastMessage
  if (!message) return t.chats.noMessages
  if (message.system) return systemText(t, message.system)
  const body = messageText(t, message)
  if (message.sender?.id === selfId) return t.chats.fromSelf(body)
  if (chat.type === 'personal' || !message.sender) return body
  return t.chats.from(message.sender.displayName, body)
}
