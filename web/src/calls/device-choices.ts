import type { Dictionary } from '../i18n/ru.ts'
import type { DeviceKind, DeviceList } from './device-list.ts'
import type { CallSettings } from './settings.ts'

/** The setting that holds the choice of a kind of device. */
export const settingOf = {
  microphone: 'microphoneId',
  camera: 'cameraId',
  speaker: 'speakerId',
} as const satisfies Record<DeviceKind, keyof CallSettings>

/** What a user chooses a device from: the system's own choice (an empty value) first. */
export function deviceChoices(
  t: Dictionary,
  devices: DeviceList,
  settings: CallSettings,
  kind: DeviceKind,
): { value: string; label: string }[] {
  const words = t.calls.settings
  const listed = devices[kind].map(({ id, label }, index) => ({
    value: id,
    label: label || `${words[kind]} ${index + 1}`,
  }))
  const chosen = settings[settingOf[kind]]
  // A choice that is not plugged in now stays a choice.
  const absent =
    chosen !== null && !listed.some(({ value }) => value === chosen)
      ? [{ value: chosen, label: words.absent }]
      : []
  return [{ value: '', label: words.systemDevice }, ...listed, ...absent]
}
