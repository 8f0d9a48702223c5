import { useI18n } from '../i18n/i18n.tsx'
import { formatDuration } from '../i18n/times.ts'
import { Button } from '../ui/Button.tsx'
import { createWait } from './wait.ts'

/** Tries again what failed with `error`; where the server asked to wait it counts down first. */
export function RetryButton(props: { error: unknown; onRetry: () => void }) {
  const { t } = useI18n()
  const left = createWait(() => props.error)
  return (
    <Button disabled={left() > 0} onClick={props.onRetry}>
      {left() > 0 ? t().waits.retryIn(formatDuration(left())) : t().app.retry}
    </Button>
  )
}
