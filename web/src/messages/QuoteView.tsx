import './QuoteView.css'
import type { Quote } from '@beseda/protocol/messages'
import { quoteText } from '../attachments/words.ts'
import { useI18n } from '../i18n/i18n.tsx'
import { hueOf } from '../ui/initials.ts'

/** What a reply answers; a click goes there. */
export function QuoteView(props: { quote: Quote; onOpen: (seq: number) => void }) {
  const { t } = useI18n()
  const name = () => props.quote.sender?.displayName ?? ''
  return (
    <button
      type="button"
      class="quote"
      title={t().messages.toQuoted(name())}
      onClick={() => props.onOpen(props.quote.seq)}
    >
      <span class="quote__name message__name" data-hue={hueOf(props.quote.sender?.id ?? '')}>
        {name()}
      </span>
      <span class="quote__text" dir="auto">
        {quoteText(t(), props.quote)}
      </span>
    </button>
  )
}
