import './VoiceSettings.css'
import { createSignal, Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { Preflight } from '../preflight/Preflight.tsx'
import { Button } from '../ui/Button.tsx'
import { Modal } from '../ui/Modal.tsx'
import { Select } from '../ui/Select.tsx'
import { Switch } from '../ui/Switch.tsx'
import { useCalls } from './context.tsx'
import { DeviceSelect } from './DeviceSelect.tsx'
import { canChooseSpeaker } from './device-list.ts'
import { deviceText } from './device-text.ts'
import { KeyChoice } from './KeyChoice.tsx'
import { LevelMeter } from './LevelMeter.tsx'
import { createProbe } from './probe.ts'
import { SelfView } from './SelfView.tsx'
import type { CallSettings } from './settings.ts'
import { playSample } from './tones.ts'

/** How one hears and is heard, sees and is seen, in all calls from this browser. */
export default function VoiceSettings(props: { onClose: () => void }) {
  const { t } = useI18n()
  return (
    <Modal open title={t().calls.settings.title} closeLabel={t().app.close} onClose={props.onClose}>
      <div class="voice-settings">
        <Microphone />
        <Show when={canChooseSpeaker()}>
          <Speaker />
        </Show>
        <Camera />
        <Habits />
        <Preflight />
      </div>
    </Modal>
  )
}

function Microphone() {
  const { t } = useI18n()
  const calls = useCalls()
  const [testing, setTesting] = createSignal(false)
  const probe = createProbe('microphone', testing)
  const words = () => t().calls.settings
  return (
    <section class="voice-settings__part">
      <DeviceSelect kind="microphone" />
      <Select
        label={words().noise}
        value={calls.settings().noise}
        options={[
          { value: 'browser', label: words().noiseBrowser },
          { value: 'strong', label: words().noiseStrong },
          { value: 'off', label: words().noiseOff },
        ]}
        onChange={(noise) => void calls.changeSettings({ noise })}
      />
      <div class="voice-settings__test">
        <Button size="small" onClick={() => setTesting(!testing())}>
          {testing() ? words().testStop : words().testMicrophone}
        </Button>
        <LevelMeter track={probe.track()} />
      </div>
      <Trouble error={probe.error()} />
    </section>
  )
}

function Trouble(props: { error: ReturnType<ReturnType<typeof createProbe>['error']> }) {
  const { t } = useI18n()
  return (
    <Show when={props.error}>
      {(error) => (
        <p class="voice-settings__trouble" role="alert">
          {deviceText(t(), error())}
        </p>
      )}
    </Show>
  )
}

function Speaker() {
  const { t } = useI18n()
  const calls = useCalls()
  return (
    <section class="voice-settings__part">
      <DeviceSelect kind="speaker" />
      <div class="voice-settings__test">
        <Button size="small" onClick={() => void playSample(calls.settings().speakerId)}>
          {t().calls.settings.testSpeaker}
        </Button>
      </div>
    </section>
  )
}

function Camera() {
  const { t } = useI18n()
  const [testing, setTesting] = createSignal(false)
  const probe = createProbe('camera', testing)
  return (
    <section class="voice-settings__part">
      <DeviceSelect kind="camera" />
      <Show keyed when={probe.track()}>
        {(track) => (
          <div class="voice-settings__picture">
            <SelfView track={track} />
          </div>
        )}
      </Show>
      <div class="voice-settings__test">
        <Button size="small" onClick={() => setTesting(!testing())}>
          {testing() ? t().calls.settings.testStop : t().calls.settings.testCamera}
        </Button>
      </div>
      <Trouble error={probe.error()} />
    </section>
  )
}

function Habits() {
  const { t } = useI18n()
  const calls = useCalls()
  const words = () => t().calls.settings
  const change = async (change: Partial<CallSettings>) => {
    await calls.changeSettings(change)
    return true
  }
  return (
    <section class="voice-settings__part">
      <Switch
        label={words().pushToTalk}
        note={words().pushToTalkNote}
        checked={calls.settings().pushToTalk}
        onChange={(pushToTalk) => change({ pushToTalk })}
      />
      <Show when={calls.settings().pushToTalk}>
        <KeyChoice
          value={calls.settings().talkKey}
          onChange={(talkKey) => void change({ talkKey })}
        />
      </Show>
      <Switch
        label={words().letterKeys}
        note={words().letterKeysNote}
        checked={calls.settings().letterKeys}
        onChange={(letterKeys) => change({ letterKeys })}
      />
      <Switch
        label={words().preview}
        checked={calls.settings().preview}
        onChange={(preview) => change({ preview })}
      />
    </section>
  )
}
