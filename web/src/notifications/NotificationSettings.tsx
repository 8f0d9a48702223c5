import './NotificationSettings.css'
import { Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { Switch } from '../ui/Switch.tsx'
import { chime } from './chime.ts'
import type { NotificationSettings as Settings } from './settings.ts'

/** What this browser tells of: notifications, their words, the sound. */
export function NotificationSettings(props: { settings: Settings }) {
  const { t } = useI18n()
  const words = () => t().notices
  const isPossible = () => ['granted', 'default'].includes(props.settings.permission())
  const note = () => {
    if (!isPossible()) return undefined
    return props.settings.permission() === 'default' ? words().asks : words().browserNote
  }
  /** What stands in the way, and what to do about it. */
  const hindrance = () =>
    props.settings.permission() === 'denied' ? words().denied : words().unavailable
  const setBrowser = async (on: boolean) => {
    if (on) return props.settings.turnOn()
    props.settings.wish({ browser: false })
    return true
  }
  const setSound = async (sound: boolean) => {
    props.settings.wish({ sound })
    if (sound) chime()
    return true
  }
  const setPreviews = async (previews: boolean) => {
    props.settings.wish({ previews })
    return true
  }
  return (
    <>
      <Switch
        label={words().browser}
        note={note()}
        checked={props.settings.isOn()}
        disabled={!isPossible()}
        onChange={setBrowser}
      />
      <Show when={!isPossible()}>
        <p class="notification-settings__hindrance" role="status">
          {hindrance()}
        </p>
      </Show>
      <Switch label={words().sound} checked={props.settings.wishes().sound} onChange={setSound} />
      <Switch
        label={words().previews}
        note={words().previewsNote}
        checked={props.settings.wishes().previews}
        onChange={setPreviews}
      />
    </>
  )
}
