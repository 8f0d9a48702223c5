import './FloatView.css'
import Maximize from 'lucide-solid/icons/maximize-2'
import Mic from 'lucide-solid/icons/mic'
import MicOff from 'lucide-solid/icons/mic-off'
import PhoneOff from 'lucide-solid/icons/phone-off'
import { type JSX, Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { isMicrophoneOn } from './CallControls.tsx'
import { useCall } from './call-context.tsx'
import { useCalls } from './context.tsx'
import { ParticipantTile } from './ParticipantTile.tsx'
import type { Tile } from './tiles.ts'

/** The call in a small window of its own: who speaks, and the buttons that one needs at once. */
export function FloatView(props: { tile: Tile | null; onReturn: () => void }) {
  const { t } = useI18n()
  const calls = useCalls()
  const { state } = useCall()
  const microphone = () => isMicrophoneOn(state())
  return (
    <main class="float-view">
      <ul class="float-view__tile">
        <Show when={props.tile}>
          {(tile) => <ParticipantTile tile={tile()} width={400} height={225} />}
        </Show>
      </ul>
      <div class="float-view__controls" role="toolbar" aria-label={t().calls.controls}>
        <FloatButton
          label={microphone() ? t().calls.mute : t().calls.unmute}
          look={microphone() ? 'raised' : 'off'}
          onClick={() => void calls.toggleMicrophone()}
        >
          <Show when={microphone()} fallback={<MicOff aria-hidden="true" />}>
            <Mic aria-hidden="true" />
          </Show>
        </FloatButton>
        <FloatButton label={t().calls.expand} look="raised" onClick={props.onReturn}>
          <Maximize aria-hidden="true" />
        </FloatButton>
        <FloatButton label={t().calls.leave} look="danger" onClick={() => void calls.leave()}>
          <PhoneOff aria-hidden="true" />
        </FloatButton>
      </div>
    </main>
  )
}

/** A round button; its hint is the browser's, as ours would appear in the page behind. */
function FloatButton(props: {
  label: string
  look: string
  onClick: () => void
  children: JSX.Element
}) {
  return (
    <button
      type="button"
      class="icon-button"
      data-look={props.look}
      data-size="medium"
      aria-label={props.label}
      title={props.label}
      onClick={() => props.onClick()}
    >
      {props.children}
    </button>
  )
}
