import './SystemLine.css'
import type { CallType } from '@beseda/protocol/calls'
import type { SystemEvent } from '@beseda/protocol/messages'
import Crown from 'lucide-solid/icons/crown'
import FileText from 'lucide-solid/icons/file-text'
import Image from 'lucide-solid/icons/image'
import Link from 'lucide-solid/icons/link'
import LogOut from 'lucide-solid/icons/log-out'
import Mic from 'lucide-solid/icons/mic'
import MicOff from 'lucide-solid/icons/mic-off'
import Pencil from 'lucide-solid/icons/pencil'
import Phone from 'lucide-solid/icons/phone'
import PhoneMissed from 'lucide-solid/icons/phone-missed'
import Pin from 'lucide-solid/icons/pin'
import ShieldCheck from 'lucide-solid/icons/shield-check'
import ShieldMinus from 'lucide-solid/icons/shield-minus'
import UserMinus from 'lucide-solid/icons/user-minus'
import UserPlus from 'lucide-solid/icons/user-plus'
import UsersRound from 'lucide-solid/icons/users-round'
import Video from 'lucide-solid/icons/video'
import { Show } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import { useI18n } from '../i18n/i18n.tsx'
import { systemText } from './system-text.ts'

function iconOf(system: SystemEvent) {
  switch (system.event) {
    case 'chat.created':
      return UsersRound
    case 'member.added':
      return UserPlus
    case 'member.joined':
      return Link
    case 'member.left':
      return LogOut
    case 'member.removed':
      return UserMinus
    case 'member.role':
      return system.role === 'admin' ? ShieldCheck : ShieldMinus
    case 'chat.owner':
      return Crown
    case 'chat.renamed':
      return Pencil
    case 'chat.described':
      return FileText
    case 'chat.pictured':
      return Image
    case 'chat.speakers':
      return system.muteAll || system.onlyAdminsCanSpeak ? MicOff : Mic
    case 'message.pinned':
      return Pin
    case 'call.started':
      return system.callType === 'video' ? Video : Phone
    case 'call.ended':
      if (system.outcome !== 'ended') return PhoneMissed
      return system.callType === 'video' ? Video : Phone
  }
}

/** A quiet line that says what happened. */
export function SystemLine(props: {
  system: SystemEvent
  at: string
  /** Call those whose call was missed. */
  onCallBack?: ((type: CallType) => void) | undefined
}) {
  const { t, times } = useI18n()
  const bad = () => props.system.event === 'call.ended' && props.system.outcome !== 'ended'
  const missed = () => {
    const { system } = props
    return system.event === 'call.ended' && system.outcome === 'missed' ? system.callType : null
  }
  return (
    <div class="system-line" classList={{ 'system-line--bad': bad() }}>
      <Dynamic component={iconOf(props.system)} aria-hidden="true" />
      <span dir="auto">{systemText(t(), props.system)}</span>
      <time datetime={props.at}>{times().time(props.at)}</time>
      <Show when={missed() && props.onCallBack}>
        <button
          type="button"
          class="system-line__call"
          onClick={() => props.onCallBack?.(missed() ?? 'audio')}
        >
          {t().system.callBack}
        </button>
      </Show>
    </div>
  )
}
