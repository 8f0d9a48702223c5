import './ChatPage.css'
import type { Chat } from '@beseda/protocol/chats'
import type { User } from '@beseda/protocol/users'
import { useNavigate } from '@solidjs/router'
import MessageCircleOff from 'lucide-solid/icons/message-circle-off'
import { createMemo, createSignal, Match, onCleanup, onMount, Switch } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { MembersPanel } from '../members/MembersPanel.tsx'
import { ChatMessages } from '../messages/ChatMessages.tsx'
import { MessageSkeletons } from '../messages/MessageSkeletons.tsx'
import { fromStore, useClient } from '../shell/client.tsx'
import type { Drafts } from '../shell/drafts.ts'
import { useSelf } from '../shell/self.ts'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { type ChatDialog, ChatDialogs } from './ChatDialogs.tsx'
import { Header } from './Header.tsx'
import { SearchPanel } from './SearchPanel.tsx'

/** What stands beside the messages. */
export type Panel = 'members' | 'search'

/** The widths at which Shell.css lays a panel over the messages. */
const panelCovers = '(max-width: 1100px)'

/** The main column: one chat with its header, messages, composer and members. */
export function ChatPage(props: {
  chatId: string
  /** The message that the address names. */
  seq: number | null
  drafts: Drafts
  onBack: () => void
}) {
  const { t } = useI18n()
  const client = useClient()
  const state = fromStore(client.chats.state)
  const self = useSelf()
  const chat = createMemo(() => state().chats.find((one) => one.id === props.chatId))
  const opened = createMemo(() => {
    const [user, found] = [self(), chat()]
    return user && found ? { self: user, chat: found } : null
  })
  return (
    <Switch
      fallback={
        <main class="chat-page">
          <MessageSkeletons />
        </main>
      }
    >
      <Match when={opened()}>
        {(both) => (
          <OpenChat
            chat={both().chat}
            self={both().self}
            seq={props.seq}
            drafts={props.drafts}
            onBack={props.onBack}
          />
        )}
      </Match>
      <Match when={state().status === 'ready'}>
        <main class="chat-page">
          <EmptyState
            icon={<MessageCircleOff />}
            title={t().chats.missing}
            text={t().chats.missingText}
          >
            <Button onClick={props.onBack}>{t().app.toChats}</Button>
          </EmptyState>
        </main>
      </Match>
    </Switch>
  )
}

function OpenChat(props: {
  chat: Chat
  self: User
  seq: number | null
  drafts: Drafts
  onBack: () => void
}) {
  const navigate = useNavigate()
  const [panel, setPanel] = createSignal<Panel | null>(null)
  const [dialog, setDialog] = createSignal<ChatDialog | null>(null)
  const toggle = (one: Panel) => setPanel((shown) => (shown === one ? null : one))
  const openFound = (seq: number) => {
    // Where the panel lies over the messages, it would hide what it has found.
    if (matchMedia(panelCovers).matches) setPanel(null)
    navigate(`/chats/${props.chat.id}/message/${seq}`)
  }
  // What a browser would search holds a few of the messages only; asked again, it does.
  const onKeyDown = (event: KeyboardEvent) => {
    const isFind = (event.ctrlKey || event.metaKey) && event.code === 'KeyF' && !event.shiftKey
    if (!isFind || event.altKey || panel() === 'search' || dialog() !== null) return
    event.preventDefault()
    setPanel('search')
  }
  onMount(() => document.addEventListener('keydown', onKeyDown))
  onCleanup(() => document.removeEventListener('keydown', onKeyDown))
  return (
    <>
      <main class="chat-page">
        <Header
          chat={props.chat}
          selfId={props.self.id}
          panel={panel()}
          onPanel={toggle}
          onDialog={setDialog}
          onBack={props.onBack}
        />
        <ChatMessages
          chat={props.chat}
          self={props.self}
          seq={props.seq}
          draft={props.drafts.get(props.chat.id)}
          onDraft={(draft) => props.drafts.set(props.chat.id, draft)}
        />
      </main>
      <Switch>
        <Match when={panel() === 'members' && props.chat.type !== 'personal'}>
          <MembersPanel
            chat={props.chat}
            selfId={props.self.id}
            onAdd={() => setDialog('add')}
            onInvite={() => setDialog('invite')}
            onClose={() => setPanel(null)}
          />
        </Match>
        <Match when={panel() === 'search'}>
          <SearchPanel
            chat={props.chat}
            selfId={props.self.id}
            onOpen={openFound}
            onClose={() => setPanel(null)}
          />
        </Match>
      </Switch>
      <ChatDialogs chat={props.chat} selfId={props.self.id} open={dialog()} onOpen={setDialog} />
    </>
  )
}
