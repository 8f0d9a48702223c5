import './CallPreview.css'
import type { User } from '@beseda/protocol/users'
import Mic from 'lucide-solid/icons/mic'
import MicOff from 'lucide-solid/icons/mic-off'
import Video from 'lucide-solid/icons/video'
import VideoOff from 'lucide-solid/icons/video-off'
import { createMemo, createSignal, For, Show } from 'solid-js'
import { userFace } from '../chats/face.ts'
import { useI18n } from '../i18n/i18n.tsx'
import { Avatar } from '../ui/Avatar.tsx'
import { Button } from '../ui/Button.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Modal } from '../ui/Modal.tsx'
import { Switch } from '../ui/Switch.tsx'
import { useCalls } from './context.tsx'
import { DeviceSelect } from './DeviceSelect.tsx'
import type { Entry } from './desk.ts'
import { deviceText } from './device-text.ts'
import { LevelMeter } from './LevelMeter.tsx'
import { createProbe } from './probe.ts'
import { SelfView } from './SelfView.tsx'

/** A look at oneself before a call: camera, microphone, and the choice of both. */
export default function CallPreview(props: { entry: Entry; name: string; self: User }) {
  const { t } = useI18n()
  const calls = useCalls()
  const [wantsMicrophone, setWantsMicrophone] = createSignal(true)
  const [wantsCamera, setWantsCamera] = createSignal(props.entry.withCamera)
  const microphone = createProbe('microphone', wantsMicrophone)
  const camera = createProbe('camera', wantsCamera)
  const errors = createMemo(() =>
    [microphone.error(), camera.error()].filter((error) => error !== null),
  )
  const listening = () => {
    const error = microphone.error()
    return error !== null && error.trouble !== 'asking'
  }
  const action = () => {
    if (listening()) return t().calls.preview.listen
    return props.entry.kind === 'start' ? t().calls.preview.start : t().calls.preview.join
  }
  const enter = () => {
    const tracks = {
      ...(wantsMicrophone() && { microphone: microphone.take() }),
      ...(wantsCamera() && { camera: camera.take() }),
    }
    const found = Object.entries(tracks).filter(([, track]) => track)
    void calls.closePreview({ tracks: Object.fromEntries(found), errors: [] })
  }
  const skip = async (skipped: boolean) => {
    await calls.changeSettings({ preview: !skipped })
    return true
  }
  return (
    <Modal
      open
      title={props.name}
      closeLabel={t().app.close}
      onClose={() => void calls.closePreview(null)}
      footer={
        <Button look="go" size="large" wide onClick={enter}>
          {action()}
        </Button>
      }
    >
      <div class="call-preview">
        <div class="call-preview__picture">
          <Show
            keyed
            when={camera.track()}
            fallback={
              <span class="call-preview__face">
                <Avatar {...userFace(props.self)} size="xl" />
              </span>
            }
          >
            {(track) => <SelfView track={track} />}
          </Show>
          <div class="call-preview__controls">
            <IconButton
              label={wantsMicrophone() ? t().calls.mute : t().calls.unmute}
              look={wantsMicrophone() ? 'raised' : 'off'}
              onClick={() => setWantsMicrophone(!wantsMicrophone())}
            >
              <Show when={wantsMicrophone()} fallback={<MicOff aria-hidden="true" />}>
                <Mic aria-hidden="true" />
              </Show>
            </IconButton>
            <IconButton
              label={wantsCamera() ? t().calls.cameraOff : t().calls.cameraOn}
              look={wantsCamera() ? 'raised' : 'off'}
              onClick={() => setWantsCamera(!wantsCamera())}
            >
              <Show when={wantsCamera()} fallback={<VideoOff aria-hidden="true" />}>
                <Video aria-hidden="true" />
              </Show>
            </IconButton>
          </div>
        </div>
        <LevelMeter track={microphone.track()} />
        <div class="call-preview__errors" role="alert">
          <For each={errors()}>{(error) => <p>{deviceText(t(), error)}</p>}</For>
        </div>
        <div class="call-preview__devices">
          <DeviceSelect kind="microphone" />
          <DeviceSelect kind="camera" />
        </div>
        <Switch
          label={t().calls.preview.skip}
          note={t().calls.preview.skipNote}
          checked={!calls.settings().preview}
          onChange={skip}
        />
      </div>
    </Modal>
  )
}
