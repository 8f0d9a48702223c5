import X from 'lucide-solid/icons/x'
import { Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { ChatMessages } from '../messages/ChatMessages.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { useCall } from './call-context.tsx'

/** The chat of the call beside it. */
export function CallChat() {
  const { t } = useI18n()
  const { chat, self, view } = useCall()
  return (
    <aside class="call-panel" aria-label={t().calls.chat}>
      <header class="call-panel__header">
        <h3>{t().calls.chat}</h3>
        <IconButton label={t().app.close} side="bottom" onClick={view.closePanel}>
          <X aria-hidden="true" />
        </IconButton>
      </header>
      <Show when={chat()}>
        {(open) => (
          <ChatMessages
            chat={open()}
            self={self()}
            seq={null}
            draft={view.draft()}
            onDraft={view.setDraft}
          />
        )}
      </Show>
    </aside>
  )
}
