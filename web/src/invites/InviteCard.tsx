import type { Invite } from '@beseda/protocol/invites'
import Check from 'lucide-solid/icons/check'
import Copy from 'lucide-solid/icons/copy'
import Link2Off from 'lucide-solid/icons/link-2-off'
import QrCodeIcon from 'lucide-solid/icons/qr-code'
import { createSignal, onCleanup, Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { useFeedback } from '../shell/feedback.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { inviteLink, inviteTerms } from './invite-text.ts'
import { QrCode } from './QrCode.tsx'

/** How long the copy button says that it has copied. */
const copiedMs = 2_000

/** One link: to copy, to show as a QR code, to revoke. */
export function InviteCard(props: {
  invite: Invite
  expanded: boolean
  onExpand: (expanded: boolean) => void
  onRevoke: () => void
}) {
  const { t, times } = useI18n()
  const feedback = useFeedback()
  const [copied, setCopied] = createSignal(false)
  const link = () => inviteLink(location.origin, props.invite.code)
  let timer: ReturnType<typeof setTimeout> | undefined
  onCleanup(() => clearTimeout(timer))

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link())
      feedback.done(t().invites.copied)
      setCopied(true)
      clearTimeout(timer)
      timer = setTimeout(() => setCopied(false), copiedMs)
    } catch {
      feedback.problem(t().invites.copyFailed)
    }
  }
  return (
    <li class="invite-card">
      <div class="invite-card__line">
        <input
          class="invite-card__link"
          readonly
          aria-label={t().invites.link}
          value={link()}
          onFocus={(event) => event.currentTarget.select()}
        />
        <IconButton label={t().invites.copy} onClick={() => void copy()}>
          <Show when={copied()} fallback={<Copy aria-hidden="true" />}>
            <Check aria-hidden="true" />
          </Show>
        </IconButton>
        <IconButton
          label={t().invites.qr}
          expanded={props.expanded}
          onClick={() => props.onExpand(!props.expanded)}
        >
          <QrCodeIcon aria-hidden="true" />
        </IconButton>
        <IconButton label={t().invites.revoke} onClick={props.onRevoke}>
          <Link2Off aria-hidden="true" />
        </IconButton>
      </div>
      <p class="invite-card__terms">
        {inviteTerms(t(), times(), props.invite)} ·{' '}
        {t().invites.by(props.invite.createdBy.displayName)}
      </p>
      <Show when={props.expanded}>
        <QrCode text={link()} label={t().invites.qr} />
      </Show>
    </li>
  )
}
