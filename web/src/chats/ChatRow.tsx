import './ChatList.css'
import type { PresenceState } from '@beseda/client/chats'
import type { Call } from '@beseda/protocol/calls'
import type { Chat } from '@beseda/protocol/chats'
import { A } from '@solidjs/router'
import BellOff from 'lucide-solid/icons/bell-off'
import Phone from 'lucide-solid/icons/phone'
import { Show } from 'solid-js'
import { useCalls } from '../calls/context.tsx'
import { useI18n } from '../i18n/i18n.tsx'
import { typingText } from '../messages/typing.ts'
import { isMissed } from '../notifications/should-notify.ts'
import { fromStore, useClient } from '../shell/client.tsx'
import { Avatar } from '../ui/Avatar.tsx'
import { chatFace, chatName, presenceOf } from './face.ts'
import { previewText } from './preview.ts'

/** One chat of the list. */
export function ChatRow(props: { chat: Chat; presence: PresenceState; selfId: string; now: Date }) {
  const { t, times } = useI18n()
  const status = () => props.chat.peer && presenceOf(props.presence, props.chat.peer).status
  const typingNow = fromStore(useClient().chats.typing)
  const typing = () => {
    const { id, peer, lastMessage } = props.chat
    const known = lastMessage?.sender ? [lastMessage.sender] : []
    return typingText(t(), typingNow()[id] ?? [], peer ? null : known)
  }
  const missed = () => {
    const system = props.chat.lastMessage?.system
    return !!system && isMissed(system, props.chat, props.selfId)
  }
  const at = () => props.chat.lastMessage?.createdAt ?? props.chat.createdAt
  return (
    <div class="chat-row-place" classList={{ 'chat-row-place--call': props.chat.call !== null }}>
      <A href={`/chats/${props.chat.id}`} class="chat-row">
        <ChatAvatar chat={props.chat} status={status()} />
        <span class="chat-row__text">
          <span class="chat-row__line">
            <span class="chat-row__name" dir="auto">
              {chatName(props.chat)}
            </span>
            <time class="chat-row__time" datetime={at()}>
              {times().brief(at(), props.now)}
            </time>
          </span>
          <span class="chat-row__line">
            <span
              class="chat-row__preview"
              classList={{
                'chat-row__preview--system':
                  !props.chat.lastMessage || !!props.chat.lastMessage.system,
                'chat-row__preview--missed': missed(),
              }}
            >
              <Show when={typing()} fallback={previewText(t(), props.chat, props.selfId)}>
                {(text) => <span class="chat-row__typing">{text()}</span>}
              </Show>
            </span>
            <Show when={props.chat.self.muted}>
              <span class="chat-row__muted">
                <BellOff aria-hidden="true" />
                <span class="hidden-visually">{t().chats.muted}</span>
              </span>
            </Show>
            <Show when={props.chat.mentionCount > 0}>
              <span class="chat-row__unread">
                <span aria-hidden="true">@</span>
                <span class="hidden-visually">{t().chats.mentioned(props.chat.mentionCount)}</span>
              </span>
            </Show>
            <Show when={props.chat.unreadCount > 0}>
              <span
                class="chat-row__unread"
                classList={{ 'chat-row__unread--muted': props.chat.self.muted }}
              >
                <span aria-hidden="true">
                  {props.chat.unreadCount > 99 ? '99+' : props.chat.unreadCount}
                </span>
                <span class="hidden-visually">{t().chats.unread(props.chat.unreadCount)}</span>
              </span>
            </Show>
          </span>
        </span>
      </A>
      <Show when={props.chat.call}>
        {(call) => <CallOn call={call()} name={chatName(props.chat)} />}
      </Show>
    </div>
  )
}

/** How many are in the call of a chat, and the way in for who is not. */
function CallOn(props: { call: Call; name: string }) {
  const { t } = useI18n()
  const calls = useCalls()
  const count = () => props.call.peers.length
  const label = () => (count() > 0 ? t().header.inCall(count()) : t().chats.callOn)
  return (
    <Show
      when={calls.currentCallId() !== props.call.id}
      fallback={
        <span class="chat-row__on">
          <CallBadge count={count()} />
          <span class="hidden-visually">{label()}</span>
        </span>
      }
    >
      <button
        type="button"
        class="chat-row__on"
        title={label()}
        aria-label={t().chats.enterCall(props.name, label())}
        disabled={calls.entering()}
        onClick={() => void calls.join(props.call.chatId, props.call.id)}
      >
        <CallBadge count={count()} />
      </button>
    </Show>
  )
}

function CallBadge(props: { count: number }) {
  return (
    <>
      <span class="chat-row__call ringing">
        <Phone aria-hidden="true" />
      </span>
      <Show when={props.count > 0}>
        <span aria-hidden="true">{props.count}</span>
      </Show>
    </>
  )
}

/** The face of a chat; in a personal one with the other's status. */
export function ChatAvatar(props: {
  chat: Chat
  status?: ReturnType<typeof presenceOf>['status'] | null | undefined
  size?: 's' | 'm' | 'xl' | undefined
}) {
  const { t } = useI18n()
  const status = () => props.status ?? undefined
  return (
    <Avatar
      {...chatFace(props.chat)}
      size={props.size}
      status={status()}
      statusLabel={t().presence[status() ?? 'offline']}
    />
  )
}
