import type { MadeLink } from '@beseda/protocol/administration'
import Copy from 'lucide-solid/icons/copy'
import { useI18n } from '../i18n/i18n.tsx'
import { useFeedback } from '../shell/feedback.ts'
import { Button } from '../ui/Button.tsx'
import { Modal } from '../ui/Modal.tsx'

/** A link that is seen once, to be handed over. */
export function LinkModal(props: { link: MadeLink; onClose: () => void }) {
  const { t, times } = useI18n()
  const feedback = useFeedback()
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(props.link.url)
      feedback.done(t().administration.copied)
    } catch {
      // Without https a page may not; the text can be selected.
      feedback.problem(t().administration.notCopied)
    }
  }
  return (
    <Modal
      open
      title={t().administration.linkTitle}
      description={t().administration.linkText(times().moment(props.link.expiresAt))}
      closeLabel={t().app.close}
      onClose={props.onClose}
    >
      <div class="admin__link">
        <code>{props.link.url}</code>
        <Button look="primary" wide icon={<Copy aria-hidden="true" />} onClick={copy}>
          {t().administration.copy}
        </Button>
      </div>
    </Modal>
  )
}
