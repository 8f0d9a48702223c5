import './WritingBar.css'
import Pencil from 'lucide-solid/icons/pencil'
import Reply from 'lucide-solid/icons/reply'
import X from 'lucide-solid/icons/x'
import { Show } from 'solid-js'
import { messageText } from '../attachments/words.ts'
import { useI18n } from '../i18n/i18n.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import type { Writing } from './compose.ts'

/** What the text in the composer answers or replaces. */
export function WritingBar(props: {
  writing: Exclude<Writing, { kind: 'new' }>
  onCancel: () => void
}) {
  const { t } = useI18n()
  const isEdit = () => props.writing.kind === 'edit'
  const sender = () => props.writing.message.sender?.displayName ?? ''
  return (
    <div class="writing-bar">
      <Show when={isEdit()} fallback={<Reply aria-hidden="true" />}>
        <Pencil aria-hidden="true" />
      </Show>
      <p class="writing-bar__text">
        <strong>{isEdit() ? t().messages.editing : t().messages.replyingTo(sender())}</strong>
        <span dir="auto">{messageText(t(), props.writing.message)}</span>
      </p>
      <IconButton label={t().messages.cancel} size="small" onClick={props.onCancel}>
        <X aria-hidden="true" />
      </IconButton>
    </div>
  )
}
