import { createSignal } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { Button } from './Button.tsx'
import { Modal } from './Modal.tsx'

/** Asks before something that can't be undone; closes itself once it is done. */
export function Confirm(props: {
  title: string
  text: string
  /** What the button says. */
  action: string
  danger?: boolean | undefined
  /** Answers false when it failed: the question stays. */
  onConfirm: () => Promise<boolean>
  onClose: () => void
}) {
  const { t } = useI18n()
  const [busy, setBusy] = createSignal(false)
  const confirm = async () => {
    setBusy(true)
    const done = await props.onConfirm()
    setBusy(false)
    if (done) props.onClose()
  }
  return (
    <Modal
      open
      size="small"
      title={props.title}
      closeLabel={t().app.close}
      onClose={props.onClose}
      footer={
        <>
          <Button onClick={props.onClose}>{t().group.cancel}</Button>
          <Button look={props.danger ? 'danger' : 'primary'} busy={busy()} onClick={confirm}>
            {props.action}
          </Button>
        </>
      }
    >
      <p>{props.text}</p>
    </Modal>
  )
}
