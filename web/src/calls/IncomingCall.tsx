import './IncomingCall.css'
import type { Call } from '@beseda/protocol/calls'
import type { Chat } from '@beseda/protocol/chats'
import Phone from 'lucide-solid/icons/phone'
import PhoneOff from 'lucide-solid/icons/phone-off'
import Video from 'lucide-solid/icons/video'
import { type JSX, onMount, Show } from 'solid-js'
import { ChatAvatar } from '../chats/ChatRow.tsx'
import { chatName } from '../chats/face.ts'
import { useI18n } from '../i18n/i18n.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { useCalls } from './context.tsx'

/** Somebody calls: who, from which chat, and what to do about it. */
export function IncomingCall(props: { call: Call; chat: Chat; caller: string | null }) {
  const { t } = useI18n()
  const calls = useCalls()
  let box: HTMLDivElement | undefined
  const isVideo = () => props.call.type === 'video'
  const isPersonal = () => props.chat.type === 'personal'
  const who = () => (isPersonal() ? chatName(props.chat) : (props.caller ?? chatName(props.chat)))
  const titleId = () => `incoming-${props.call.id}`
  const accept = (withCamera: boolean) =>
    void calls.accept(props.chat.id, props.call.id, withCamera)
  const decline = () => void calls.decline(props.call.id)

  onMount(() => {
    // Whoever is writing goes on writing: a key meant for a text must not answer a call.
    const busy = document.activeElement?.matches('input, textarea')
    if (!busy) box?.focus()
  })
  return (
    <div
      class="incoming-call"
      ref={box}
      role="alertdialog"
      aria-labelledby={titleId()}
      tabindex="-1"
      onKeyDown={(event) => event.key === 'Escape' && decline()}
    >
      <div class="incoming-call__who">
        <span class="incoming-call__face ringing">
          <ChatAvatar chat={props.chat} />
        </span>
        <div class="incoming-call__text">
          <h2 id={titleId()}>
            <span>{isVideo() ? t().calls.incomingVideo : t().calls.incomingAudio}</span>
            <strong dir="auto">{who()}</strong>
          </h2>
          <Show when={!isPersonal()}>
            <p>{t().calls.inChat(chatName(props.chat))}</p>
          </Show>
        </div>
      </div>
      <div class="incoming-call__actions">
        <Choice label={t().calls.decline}>
          <IconButton label={t().calls.decline} look="danger" size="large" onClick={decline}>
            <PhoneOff aria-hidden="true" />
          </IconButton>
        </Choice>
        <Choice label={isVideo() ? t().calls.acceptAudio : t().calls.acceptVideo}>
          <IconButton
            label={isVideo() ? t().calls.acceptAudio : t().calls.acceptVideo}
            look="raised"
            size="large"
            onClick={() => accept(!isVideo())}
          >
            <Show when={isVideo()} fallback={<Video aria-hidden="true" />}>
              <Phone aria-hidden="true" />
            </Show>
          </IconButton>
        </Choice>
        <Choice label={t().calls.accept}>
          <IconButton
            label={t().calls.accept}
            look="go"
            size="large"
            onClick={() => accept(isVideo())}
          >
            <Show when={isVideo()} fallback={<Phone aria-hidden="true" />}>
              <Video aria-hidden="true" />
            </Show>
          </IconButton>
        </Choice>
      </div>
    </div>
  )
}

function Choice(props: { label: string; children: JSX.Element }) {
  return (
    <div class="incoming-call__choice">
      {props.children}
      <span aria-hidden="true">{props.label}</span>
    </div>
  )
}
