import './AlonePrompt.css'
import { createMemo, Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { createNow } from '../i18n/now.ts'
import { formatDuration } from '../i18n/times.ts'
import { useFeedback } from '../shell/feedback.ts'
import { Button } from '../ui/Button.tsx'
import { useCall } from './call-context.tsx'
import { useCalls } from './context.tsx'

/** Nobody else has been here for long: asks whether to go on, and says when it ends by itself. */
export function AlonePrompt() {
  const { t } = useI18n()
  const calls = useCalls()
  const feedback = useFeedback()
  const { session, state } = useCall()
  const endsAt = createMemo(() => (state().phase.status === 'ended' ? null : state().aloneUntil))
  return (
    <Show when={endsAt()}>
      {(time) => (
        <div class="alone-prompt" role="alertdialog" aria-labelledby="alone-title">
          <h2 id="alone-title">{t().calls.alone.title}</h2>
          <p>
            {t().calls.alone.text} <Countdown until={time()} />
          </p>
          <div class="alone-prompt__actions">
            <Button onClick={() => void calls.leave()}>{t().calls.leave}</Button>
            <Button look="primary" onClick={() => void session.stay().catch(feedback.failed)}>
              {t().calls.alone.stay}
            </Button>
          </div>
        </div>
      )}
    </Show>
  )
}

function Countdown(props: { until: string }) {
  const now = createNow(1_000)
  return (
    <strong role="timer">
      {formatDuration((Date.parse(props.until) - now().getTime()) / 1000)}
    </strong>
  )
}
