import type { Message } from '@beseda/protocol/messages'
import { messageText } from '../attachments/words.ts'
import type { Dictionary } from '../i18n/ru.ts'
import { systemText } from '../messages/system-text.ts'

/** Characters of a message that a notification shows. */
const excerptMax = 160

/** Who writes, and in which group; `group` is null for a personal chat. */
export function noticeTitle(message: Message, group: string | null): string {
  const sender = message.sender?.displayName ?? ''
  return group === null ? sender : `${sender} · ${group}`
}

/** The beginning of what was written, without previews only that something was; or what happened. */
export function noticeBody(t: Dictionary, message: Message, previews: boolean): string {
  if (message.system) return systemText(t, message.system)
  if (!previews) return t.notices.newMessage
  const text = messageText(t, message).replace(/\s+/g, ' ')
  const letters = [...text]
  return letters.length > excerptMax ? `${letters.slice(0, excerptMax - 1).join('')}…` : text
}
