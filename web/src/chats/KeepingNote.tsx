import { createResource, Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { useClient } from '../shell/client.tsx'
import { settled } from '../shell/settled.ts'

/** How long this server keeps what is said and sent; nothing where it keeps everything. */
export function KeepingNote() {
  const { t } = useI18n()
  const client = useClient()
  const [config] = createResource(() => client.rest.config())
  const lines = () => {
    const { messageDays, fileDays, callDays } = settled(config)?.retention ?? {}
    return [
      messageDays ? t().group.messagesKept(messageDays) : '',
      fileDays ? t().group.filesKept(fileDays) : '',
      callDays ? t().group.callsKept(callDays) : '',
    ].filter(Boolean)
  }
  return (
    <Show when={lines().length > 0}>
      <p class="group-settings__keeping">{lines().join(' ')}</p>
    </Show>
  )
}
