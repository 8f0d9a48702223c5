import './MessageTools.css'
import type { Message } from '@beseda/protocol/messages'
import Ellipsis from 'lucide-solid/icons/ellipsis'
import SmilePlus from 'lucide-solid/icons/face-slightly-smiling-plus'
import Reply from 'lucide-solid/icons/reply'
import { useI18n } from '../i18n/i18n.tsx'
import type { MessageActions } from './actions.ts'

/**
 * Buttons beside a message under the pointer. The keyboard stops at the last
 * one alone, whose menu has everything.
 */
export function MessageTools(props: {
  message: Message
  mayReply: boolean
  actions: MessageActions
}) {
  const { t } = useI18n()
  const rect = (event: MouseEvent & { currentTarget: HTMLElement }) =>
    event.currentTarget.getBoundingClientRect()
  return (
    <div class="message-tools">
      <button
        type="button"
        tabindex={-1}
        title={t().messages.react}
        aria-label={t().messages.react}
        onClick={(event) => props.actions.openPicker(props.message, rect(event))}
      >
        <SmilePlus aria-hidden="true" />
      </button>
      <button
        type="button"
        tabindex={-1}
        hidden={!props.mayReply}
        title={t().messages.reply}
        aria-label={t().messages.reply}
        onClick={() => props.actions.reply(props.message)}
      >
        <Reply aria-hidden="true" />
      </button>
      <button
        type="button"
        aria-haspopup="menu"
        title={t().messages.actions}
        aria-label={t().messages.actions}
        onClick={(event) => props.actions.openMenu(props.message, rect(event))}
      >
        <Ellipsis aria-hidden="true" />
      </button>
    </div>
  )
}
