import Link2Off from 'lucide-solid/icons/link-2-off'
import { useI18n } from '../i18n/i18n.tsx'
import { RetryButton } from '../shell/RetryButton.tsx'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { inviteErrorText } from './invite-text.ts'

/** Stands in place of an invitation that can't be shown: why, and where to go. */
export function InviteRefusal(props: { error: unknown; onRetry: () => void; onLeave: () => void }) {
  const { t } = useI18n()
  return (
    <EmptyState
      icon={<Link2Off />}
      title={t().invites.notValid}
      text={inviteErrorText(t(), props.error)}
    >
      <Button look="primary" onClick={props.onLeave}>
        {t().app.toChats}
      </Button>
      <RetryButton error={props.error} onRetry={props.onRetry} />
    </EmptyState>
  )
}
