import './ChatList.css'
import './Header.css'
import type { Call } from '@beseda/protocol/calls'
import PhoneCall from 'lucide-solid/icons/phone-call'
import { Show } from 'solid-js'
import { useCalls } from '../calls/context.tsx'
import { useI18n } from '../i18n/i18n.tsx'
import { Button } from '../ui/Button.tsx'

/** A call is on in this chat and this user is not in it: the way in. */
export function JoinBar(props: { call: Call; selfId: string }) {
  const { t } = useI18n()
  const calls = useCalls()
  const count = () => props.call.peers.length
  /** This user is in it on another device. */
  const elsewhere = () => props.call.peers.some((peer) => peer.userId === props.selfId)
  const text = () => {
    if (elsewhere()) return t().header.onOtherDevice
    return count() > 0 ? t().header.inCall(count()) : t().header.ringing
  }
  const enter = () => {
    const { chatId, id } = props.call
    void (elsewhere() ? calls.moveHere(chatId, id) : calls.join(chatId, id))
  }
  return (
    <Show when={calls.currentCallId() !== props.call.id}>
      <section class="join-bar" aria-label={t().chats.callOn}>
        <span class="chat-row__call ringing">
          <PhoneCall aria-hidden="true" />
        </span>
        <span class="join-bar__text">{text()}</span>
        <Button look="go" size="small" busy={calls.entering()} onClick={enter}>
          {elsewhere() ? t().header.moveHere : t().header.join}
        </Button>
      </section>
    </Show>
  )
}
