import './CallOverlay.css'
import type { CallState } from '@beseda/client/calls/state'
import type { Chat } from '@beseda/protocol/chats'
import Maximize from 'lucide-solid/icons/maximize-2'
import Mic from 'lucide-solid/icons/mic'
import MicOff from 'lucide-solid/icons/mic-off'
import PhoneOff from 'lucide-solid/icons/phone-off'
import { Show } from 'solid-js'
import { ChatAvatar } from '../chats/ChatRow.tsx'
import { chatName } from '../chats/face.ts'
import { useI18n } from '../i18n/i18n.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { isMicrophoneOn } from './CallControls.tsx'
import { createCallStatus } from './call-status.ts'
import { useCalls } from './context.tsx'

/** The call made small, so that one can read meanwhile. */
export function CallOverlay(props: { state: CallState; chat: Chat | undefined }) {
  const { t } = useI18n()
  const calls = useCalls()
  const status = createCallStatus(() => props.state)
  const name = () => (props.chat ? chatName(props.chat) : '')
  const speaking = () => props.state.peers.some((peer) => peer.speaking)
  return (
    <section
      class="call-overlay"
      classList={{ 'call-overlay--speaking': speaking() }}
      aria-label={t().calls.window(name())}
    >
      <Show when={props.chat}>{(chat) => <ChatAvatar chat={chat()} size="s" />}</Show>
      <div class="call-overlay__text">
        <strong dir="auto">{name()}</strong>
        <span>{status.text() ?? status.duration()}</span>
      </div>
      <IconButton
        label={isMicrophoneOn(props.state) ? t().calls.mute : t().calls.unmute}
        onClick={() => void calls.toggleMicrophone()}
      >
        <Show when={isMicrophoneOn(props.state)} fallback={<MicOff aria-hidden="true" />}>
          <Mic aria-hidden="true" />
        </Show>
      </IconButton>
      <IconButton label={t().calls.expand} onClick={() => calls.setMinimised(false)}>
        <Maximize aria-hidden="true" />
      </IconButton>
      <IconButton label={t().calls.leave} look="danger" onClick={() => void calls.leave()}>
        <PhoneOff aria-hidden="true" />
      </IconButton>
    </section>
  )
}
