import './KeyChoice.css'
import { createSignal, Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { keyName } from './keys.ts'

/** Which key is held to speak; a press of the button waits for the next key. */
export function KeyChoice(props: { value: string; onChange: (code: string) => void }) {
  const { t } = useI18n()
  const [waiting, setWaiting] = createSignal(false)
  const take = (event: KeyboardEvent) => {
    if (!waiting() || event.key === 'Tab') return
    event.preventDefault()
    event.stopPropagation()
    setWaiting(false)
    if (event.key !== 'Escape') props.onChange(event.code)
  }
  return (
    <div class="key-choice">
      <span>{t().calls.settings.talkKey}</span>
      <button
        type="button"
        class="key-choice__key"
        data-takes-keys
        aria-label={`${t().calls.settings.talkKey}: ${keyName(t(), props.value)}`}
        onClick={() => setWaiting(true)}
        on:keydown={take}
        onKeyUp={(event) => waiting() || event.preventDefault()}
        onBlur={() => setWaiting(false)}
      >
        <Show when={waiting()} fallback={keyName(t(), props.value)}>
          {t().calls.settings.pressKey}
        </Show>
      </button>
    </div>
  )
}
