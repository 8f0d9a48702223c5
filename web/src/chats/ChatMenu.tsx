import type { Chat } from '@beseda/protocol/chats'
import { can } from '@beseda/protocol/permissions'
import Bell from 'lucide-solid/icons/bell'
import BellOff from 'lucide-solid/icons/bell-off'
import EllipsisVertical from 'lucide-solid/icons/ellipsis-vertical'
import Link from 'lucide-solid/icons/link'
import LogOut from 'lucide-solid/icons/log-out'
import PhoneCall from 'lucide-solid/icons/phone-call'
import Search from 'lucide-solid/icons/search'
import Settings from 'lucide-solid/icons/settings'
import UserPlus from 'lucide-solid/icons/user-plus'
import Users from 'lucide-solid/icons/users'
import { useI18n } from '../i18n/i18n.tsx'
import { useAttempt } from '../shell/attempt.ts'
import { useClient } from '../shell/client.tsx'
import { Menu, type MenuEntry } from '../ui/Menu.tsx'
import type { ChatDialog } from './ChatDialogs.tsx'
import type { Panel } from './ChatPage.tsx'

/** What can be done with a chat, behind one button of its header. */
export function ChatMenu(props: {
  chat: Chat
  onPanel: (panel: Panel) => void
  onOpen: (dialog: ChatDialog) => void
}) {
  const { t } = useI18n()
  const client = useClient()
  const attempt = useAttempt()
  const rights = () => {
    const { self, type } = props.chat
    return {
      own: type !== 'personal',
      edit:
        can(self, props.chat, { do: 'editInfo' }) ||
        can(self, props.chat, { do: 'editCallSettings' }),
      invite: can(self, props.chat, { do: 'invite' }),
      leave: can(self, props.chat, { do: 'leave' }),
    }
  }
  const muteEntry = (): MenuEntry => {
    const { muted } = props.chat.self
    return {
      label: muted ? t().group.unmute : t().group.mute,
      icon: muted ? <Bell aria-hidden="true" /> : <BellOff aria-hidden="true" />,
      onSelect: () => void attempt(() => client.chats.mute(props.chat.id, !muted)),
    }
  }
  const entries = (): MenuEntry[] => {
    const { own, edit, invite, leave } = rights()
    const listed: (MenuEntry | false)[] = [
      own && {
        label: edit ? t().group.settings : t().group.about,
        icon: <Settings aria-hidden="true" />,
        onSelect: () => props.onOpen('settings'),
      },
      own && {
        label: t().header.members,
        icon: <Users aria-hidden="true" />,
        onSelect: () => props.onPanel('members'),
      },
      invite && {
        label: t().group.addMembers,
        icon: <UserPlus aria-hidden="true" />,
        onSelect: () => props.onOpen('add'),
      },
      invite && {
        label: t().invites.link,
        icon: <Link aria-hidden="true" />,
        onSelect: () => props.onOpen('invite'),
      },
      {
        label: t().search.title,
        icon: <Search aria-hidden="true" />,
        onSelect: () => props.onPanel('search'),
      },
      muteEntry(),
      {
        label: t().calls.history.title,
        icon: <PhoneCall aria-hidden="true" />,
        onSelect: () => props.onOpen('calls'),
      },
      own && {
        label: t().group.leave,
        icon: <LogOut aria-hidden="true" />,
        danger: true,
        onSelect: () => props.onOpen(leave ? 'leave' : 'handOver'),
      },
    ]
    return listed.filter((entry) => entry !== false)
  }
  return (
    <Menu
      label={t().group.menu}
      icon={<EllipsisVertical aria-hidden="true" />}
      entries={entries()}
    />
  )
}
