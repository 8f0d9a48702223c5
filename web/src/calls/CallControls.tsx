import './CallControls.css'
import type { CallState } from '@beseda/client/calls/state'
import type { Source } from '@beseda/protocol/media'
import Activity from 'lucide-solid/icons/activity'
import AudioLines from 'lucide-solid/icons/audio-lines'
import CircleX from 'lucide-solid/icons/circle-x'
import Ellipsis from 'lucide-solid/icons/ellipsis'
import Hand from 'lucide-solid/icons/hand'
import HeadphoneOff from 'lucide-solid/icons/headphone-off'
import Headphones from 'lucide-solid/icons/headphones'
import Keyboard from 'lucide-solid/icons/keyboard'
import Mic from 'lucide-solid/icons/mic'
import MicOff from 'lucide-solid/icons/mic-off'
import MonitorUp from 'lucide-solid/icons/monitor-up'
import MonitorX from 'lucide-solid/icons/monitor-x'
import PhoneOff from 'lucide-solid/icons/phone-off'
import Video from 'lucide-solid/icons/video'
import VideoOff from 'lucide-solid/icons/video-off'
import { Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Menu, type MenuEntry } from '../ui/Menu.tsx'
import { useCall } from './call-context.tsx'
import { useCalls } from './context.tsx'
import { DeviceMenu } from './DeviceMenu.tsx'
import { canShareScreen } from './devices.ts'

/** Whether the own microphone is heard now. */
export const isMicrophoneOn = (state: CallState) => {
  const { microphone } = state.self.tracks
  return microphone?.track != null && !microphone.paused
}

const isCameraOn = (state: CallState) => {
  const { camera } = state.self.tracks
  return camera?.track != null && !camera.paused
}

/** Whether the SFU lets one send this; until it has said so, one may try. */
export const mayPublish = ({ self }: CallState, source: Source) =>
  self.publish === null || self.publish.includes(source)

/** What the row of buttons does besides devices. */
export type CallDeeds = {
  toggleScreen(): void
  toggleHand(): void
  showStats(): void
  showShortcuts(): void
}

/** The row of round buttons under the pictures. */
export function CallControls(props: { deeds: CallDeeds; mayEndForAll: boolean }) {
  const { t } = useI18n()
  const calls = useCalls()
  const { state, chat } = useCall()
  const microphone = () => isMicrophoneOn(state())
  const camera = () => isCameraOn(state())
  const screen = () => state().self.tracks.screen !== undefined
  const hand = () => state().self.handRaisedAt !== null
  const entries = (): MenuEntry[] => [
    {
      label: t().calls.settings.title,
      icon: <AudioLines aria-hidden="true" />,
      onSelect: () => calls.showSettings(true),
    },
    {
      label: t().calls.keys.title,
      icon: <Keyboard aria-hidden="true" />,
      onSelect: props.deeds.showShortcuts,
    },
    {
      label: t().calls.stats.title,
      icon: <Activity aria-hidden="true" />,
      onSelect: props.deeds.showStats,
    },
    ...(props.mayEndForAll
      ? [
          {
            label: t().calls.endForAll,
            icon: <CircleX aria-hidden="true" />,
            danger: true,
            onSelect: () => void calls.endForAll(),
          },
        ]
      : []),
  ]
  return (
    <div class="call-controls" role="toolbar" aria-label={t().calls.controls}>
      <span class="call-controls__device">
        <IconButton
          label={microphone() ? t().calls.mute : t().calls.unmute}
          look={microphone() ? 'raised' : 'off'}
          size="large"
          disabled={!mayPublish(state(), 'microphone')}
          onClick={() => void calls.toggleMicrophone()}
        >
          <Show when={microphone()} fallback={<MicOff aria-hidden="true" />}>
            <Mic aria-hidden="true" />
          </Show>
        </IconButton>
        <DeviceMenu device="microphone" />
      </span>
      <span class="call-controls__device">
        <IconButton
          label={camera() ? t().calls.cameraOff : t().calls.cameraOn}
          look={camera() ? 'raised' : 'off'}
          size="large"
          disabled={!mayPublish(state(), 'camera')}
          onClick={() => void calls.toggleCamera()}
        >
          <Show when={camera()} fallback={<VideoOff aria-hidden="true" />}>
            <Video aria-hidden="true" />
          </Show>
        </IconButton>
        <DeviceMenu device="camera" />
      </span>
      <Show when={canShareScreen()}>
        <IconButton
          label={screen() ? t().calls.stopSharing : t().calls.shareScreen}
          look={screen() ? 'primary' : 'raised'}
          size="large"
          disabled={!mayPublish(state(), 'screen')}
          onClick={props.deeds.toggleScreen}
        >
          <Show when={screen()} fallback={<MonitorUp aria-hidden="true" />}>
            <MonitorX aria-hidden="true" />
          </Show>
        </IconButton>
      </Show>
      <Show when={chat() && chat()?.type !== 'personal'}>
        <IconButton
          label={hand() ? t().calls.lowerHand : t().calls.raiseHand}
          look={hand() ? 'primary' : 'raised'}
          size="large"
          onClick={props.deeds.toggleHand}
        >
          <Hand aria-hidden="true" />
        </IconButton>
      </Show>
      <IconButton
        label={calls.hearing.deafened() ? t().calls.undeafen : t().calls.deafen}
        look={calls.hearing.deafened() ? 'off' : 'raised'}
        size="large"
        onClick={() => void calls.toggleDeafened()}
      >
        <Show when={calls.hearing.deafened()} fallback={<Headphones aria-hidden="true" />}>
          <HeadphoneOff aria-hidden="true" />
        </Show>
      </IconButton>
      <Menu
        label={t().calls.more}
        look="raised"
        size="large"
        icon={<Ellipsis aria-hidden="true" />}
        entries={entries()}
      />
      <IconButton
        label={t().calls.leave}
        look="danger"
        size="large"
        onClick={() => void calls.leave()}
      >
        <PhoneOff aria-hidden="true" />
      </IconButton>
    </div>
  )
}
