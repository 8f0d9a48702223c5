import type { Chat } from '@beseda/protocol/chats'
import type { Message } from '@beseda/protocol/messages'
import { can, type Role } from '@beseda/protocol/permissions'
import Copy from 'lucide-solid/icons/copy'
import Link from 'lucide-solid/icons/link'
import Pencil from 'lucide-solid/icons/pencil'
import Pin from 'lucide-solid/icons/pin'
import PinOff from 'lucide-solid/icons/pin-off'
import Reply from 'lucide-solid/icons/reply'
import Trash from 'lucide-solid/icons/trash'
import type { Dictionary } from '../i18n/ru.ts'
import type { MenuEntry } from '../ui/Menu.tsx'

export type MessageDeeds = {
  reply: (message: Message) => void
  edit: (message: Message) => void
  pin: (message: Message, on: boolean) => void
  copy: (text: string) => void
  remove: (message: Message) => void
}

/** The address of a message, for others in the chat to open. */
export const messageUrl = ({ chatId, seq }: Message) =>
  `${location.origin}/chats/${chatId}/message/${seq}`

/** What this reader may do with a message. */
export function messageEntries(
  t: Dictionary,
  {
    chat,
    message,
    selfId,
    senderRole,
  }: {
    chat: Chat
    message: Message
    selfId: string
    /** Null when it does not matter to this reader, or the sender has left. */
    senderRole: Role | null
  },
  deeds: MessageDeeds,
): MenuEntry[] {
  const own = message.sender?.id === selfId
  const may = (action: Parameters<typeof can>[2]) => can(chat.self, chat, action)
  const isPinned = message.pinnedAt !== null
  const entries: (MenuEntry | false)[] = [
    may({ do: 'post' }) && {
      label: t.messages.reply,
      icon: <Reply aria-hidden="true" />,
      onSelect: () => deeds.reply(message),
    },
    may({ do: 'editMessage', own }) && {
      label: t.messages.edit,
      icon: <Pencil aria-hidden="true" />,
      onSelect: () => deeds.edit(message),
    },
    may({ do: 'pin' }) && {
      label: isPinned ? t.messages.unpin : t.messages.pin,
      icon: isPinned ? <PinOff aria-hidden="true" /> : <Pin aria-hidden="true" />,
      onSelect: () => deeds.pin(message, !isPinned),
    },
    message.body !== '' && {
      label: t.messages.copyText,
      icon: <Copy aria-hidden="true" />,
      onSelect: () => deeds.copy(message.body),
    },
    {
      label: t.messages.copyLink,
      icon: <Link aria-hidden="true" />,
      onSelect: () => deeds.copy(messageUrl(message)),
    },
    may({ do: 'deleteMessage', own, senderRole }) && {
      label: t.messages.delete,
      icon: <Trash aria-hidden="true" />,
      danger: true,
      onSelect: () => deeds.remove(message),
    },
  ]
  return entries.filter((entry) => entry !== false)
}
