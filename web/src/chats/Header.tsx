import './Header.css'
import type { Chat } from '@beseda/protocol/chats'
import { can } from '@beseda/protocol/permissions'
import ArrowLeft from 'lucide-solid/icons/arrow-left'
import Phone from 'lucide-solid/icons/phone'
import Search from 'lucide-solid/icons/search'
import Users from 'lucide-solid/icons/users'
import Video from 'lucide-solid/icons/video'
import { createMemo, Show } from 'solid-js'
import { useCalls } from '../calls/context.tsx'
import { useI18n } from '../i18n/i18n.tsx'
import { createNow } from '../i18n/now.ts'
import { typingText } from '../messages/typing.ts'
import { fromStore, useClient } from '../shell/client.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import type { ChatDialog } from './ChatDialogs.tsx'
import { ChatMenu } from './ChatMenu.tsx'
import type { Panel } from './ChatPage.tsx'
import { ChatAvatar } from './ChatRow.tsx'
import { chatName, presenceOf } from './face.ts'
import { JoinBar } from './JoinBar.tsx'

/** Who one is talking to, and the ways to call them. */
export function Header(props: {
  chat: Chat
  selfId: string
  panel: Panel | null
  onPanel: (panel: Panel) => void
  onDialog: (dialog: ChatDialog) => void
  onBack: () => void
}) {
  const { t, times } = useI18n()
  const client = useClient()
  const calls = useCalls()
  const presence = fromStore(client.chats.presence)
  const now = createNow(30_000)

  const peerPresence = createMemo(() => props.chat.peer && presenceOf(presence(), props.chat.peer))
  const typingNow = fromStore(client.chats.typing)
  const typing = () => {
    const { id, peer, lastMessage } = props.chat
    const known = lastMessage?.sender ? [lastMessage.sender] : []
    return typingText(t(), typingNow()[id] ?? [], peer ? null : known)
  }
  const subtitle = () => {
    if (typing() !== '') return typing()
    const there = peerPresence()
    if (!there) return t().header.memberCount(props.chat.memberCount)
    if (there.status !== 'offline') return t().presence[there.status]
    return there.lastSeenAt ? times().lastSeen(there.lastSeenAt, now()) : t().presence.offline
  }
  const mayCall = () => can(props.chat.self, props.chat, { do: 'startCall' })
  const start = (type: 'audio' | 'video') => void calls.start(props.chat.id, type)

  return (
    <>
      <header class="header">
        <span class="header__back">
          <IconButton label={t().app.back} side="bottom" onClick={props.onBack}>
            <ArrowLeft aria-hidden="true" />
          </IconButton>
        </span>
        <ChatAvatar chat={props.chat} status={peerPresence()?.status} />
        <div class="header__text">
          <h2 class="header__name" dir="auto">
            {chatName(props.chat)}
          </h2>
          <p
            class="header__note"
            classList={{
              'header__note--online': typing() !== '' || peerPresence()?.status === 'online',
            }}
          >
            {subtitle()}
          </p>
        </div>
        <Show when={mayCall() && !props.chat.call}>
          <IconButton
            label={t().header.audioCall}
            side="bottom"
            disabled={calls.entering()}
            onClick={() => start('audio')}
          >
            <Phone aria-hidden="true" />
          </IconButton>
          <IconButton
            label={t().header.videoCall}
            side="bottom"
            disabled={calls.entering()}
            onClick={() => start('video')}
          >
            <Video aria-hidden="true" />
          </IconButton>
        </Show>
        <Show when={props.chat.type !== 'personal'}>
          <span class="header__members">
            <IconButton
              label={t().header.members}
              side="bottom"
              expanded={props.panel === 'members'}
              onClick={() => props.onPanel('members')}
            >
              <Users aria-hidden="true" />
            </IconButton>
          </span>
        </Show>
        <span class="header__search">
          <IconButton
            label={t().search.title}
            side="bottom"
            expanded={props.panel === 'search'}
            onClick={() => props.onPanel('search')}
          >
            <Search aria-hidden="true" />
          </IconButton>
        </span>
        <ChatMenu chat={props.chat} onPanel={props.onPanel} onOpen={props.onDialog} />
      </header>
      <Show when={props.chat.call}>
        {(call) => <JoinBar call={call()} selfId={props.selfId} />}
      </Show>
    </>
  )
}
