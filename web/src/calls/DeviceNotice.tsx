import './DeviceNotice.css'
import CircleAlert from 'lucide-solid/icons/circle-alert'
import { For, Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { Button } from '../ui/Button.tsx'
import { useCalls } from './context.tsx'
import { deviceText } from './device-text.ts'

/** What is wrong with microphone or camera, and the choice to try again or go on without. */
export function DeviceNotice() {
  const { t } = useI18n()
  const calls = useCalls()
  const errors = calls.deviceErrors
  const retry = async () => {
    for (const error of errors()) await calls.retryDevice(error.device)
  }
  const withoutMicrophone = () => errors().some((error) => error.device === 'microphone')
  return (
    <Show when={errors().length > 0}>
      <div class="device-notice" role="alert">
        <CircleAlert aria-hidden="true" />
        <div class="device-notice__text">
          <For each={errors()}>{(error) => <p>{deviceText(t(), error)}</p>}</For>
        </div>
        <div class="device-notice__actions">
          <Button size="small" look="primary" onClick={() => void retry()}>
            {t().calls.tryAgain}
          </Button>
          <Button size="small" onClick={calls.goOnWithout}>
            {withoutMicrophone() ? t().calls.listenOnly : t().calls.goOn}
          </Button>
        </div>
      </div>
    </Show>
  )
}
