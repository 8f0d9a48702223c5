import './ChatPage.css'
import type { Chat } from '@beseda/protocol/chats'
import type { User } from '@beseda/protocol/users'
import MessageCircleOff from 'lucide-solid/icons/message-circle-off'
import { createMemo, createSignal, Match, Show, Switch } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { MembersPanel } from '../members/MembersPanel.tsx'
import { ChatMessages } from '../messages/ChatMessages.tsx'
import { MessageSkeletons } from '../messages/MessageSkeletons.tsx'
import { fromStore, useClient } from '../shell/client.tsx'
import { useSelf } from '../shell/self.ts'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { type ChatDialog, ChatDialogs } from './ChatDialogs.tsx'
import { Header } from './Header.tsx'

/** What was typed and not sent, by chat. */
export type Drafts = Map<string, string>

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
  const [membersShown, setMembersShown] = createSignal(false)
  const [dialog, setDialog] = createSignal<ChatDialog | null>(null)
  return (
    <>
      <main class="chat-page">
        <Header
          chat={props.chat}
          selfId={props.self.id}
          membersShown={membersShown()}
          onMembers={() => setMembersShown(!membersShown())}
          onDialog={setDialog}
          onBack={props.onBack}
        />
        <ChatMessages
          chat={props.chat}
          self={props.self}
          seq={props.seq}
          draft={props.drafts.get(props.chat.id) ?? ''}
          onDraft={(draft) => props.drafts.set(props.chat.id, draft)}
        />
      </main>
      <Show when={membersShown() && props.chat.type !== 'personal'}>
        <MembersPanel
          chat={props.chat}
          selfId={props.self.id}
          onAdd={() => setDialog('add')}
          onInvite={() => setDialog('invite')}
          onClose={() => setMembersShown(false)}
        />
      </Show>
      <ChatDialogs chat={props.chat} selfId={props.self.id} open={dialog()} onOpen={setDialog} />
    </>
  )
}
