import ChevronUp from 'lucide-solid/icons/chevron-up'
import Settings from 'lucide-solid/icons/settings'
import { useI18n } from '../i18n/i18n.tsx'
import { type ChoiceGroup, ChoiceMenu } from '../ui/ChoiceMenu.tsx'
import { useCalls } from './context.tsx'
import { deviceChoices, settingOf } from './device-choices.ts'
import { canChooseSpeaker, type DeviceKind } from './device-list.ts'
import type { Device } from './devices.ts'

/** The choice of devices beside the button that turns one on: microphone and speaker, or camera. */
export function DeviceMenu(props: { device: Device }) {
  const { t } = useI18n()
  const calls = useCalls()
  const group = (kind: DeviceKind): ChoiceGroup => ({
    label: t().calls.settings[kind],
    value: calls.settings()[settingOf[kind]] ?? '',
    options: deviceChoices(t(), calls.devices(), calls.settings(), kind),
    onChange: (id) => void calls.changeSettings({ [settingOf[kind]]: id || null }),
  })
  const groups = () => {
    if (props.device === 'camera') return [group('camera')]
    return canChooseSpeaker() ? [group('microphone'), group('speaker')] : [group('microphone')]
  }
  return (
    <ChoiceMenu
      label={
        props.device === 'camera' ? t().calls.settings.chooseCamera : t().calls.settings.chooseSound
      }
      icon={<ChevronUp aria-hidden="true" />}
      groups={groups()}
      entries={[
        {
          label: t().calls.settings.title,
          icon: <Settings aria-hidden="true" />,
          onSelect: () => calls.showSettings(true),
        },
      ]}
    />
  )
}
