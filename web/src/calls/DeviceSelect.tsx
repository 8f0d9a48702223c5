import { useI18n } from '../i18n/i18n.tsx'
import { Select } from '../ui/Select.tsx'
import { useCalls } from './context.tsx'
import { deviceChoices, settingOf } from './device-choices.ts'
import type { DeviceKind } from './device-list.ts'

/** Which microphone, camera or speaker calls use. */
export function DeviceSelect(props: { kind: DeviceKind }) {
  const { t } = useI18n()
  const calls = useCalls()
  const choices = () => deviceChoices(t(), calls.devices(), calls.settings(), props.kind)
  return (
    <Select
      label={t().calls.settings[props.kind]}
      value={calls.settings()[settingOf[props.kind]] ?? ''}
      options={choices()}
      onChange={(id) => void calls.changeSettings({ [settingOf[props.kind]]: id || null })}
    />
  )
}
