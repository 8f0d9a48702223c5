import './ConnectionBanner.css'
import WifiOff from 'lucide-solid/icons/wifi-off'
import { createEffect, createSignal, onCleanup, Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { fromStore, useClient } from './client.tsx'

/** A connection that comes right back is not worth a word. */
const patienceMs = 1_200

/** Says that the connection to the server is lost while it is. */
export function ConnectionBanner() {
  const { t } = useI18n()
  const client = useClient()
  const state = fromStore(client.connection.state)
  const [lost, setLost] = createSignal(false)
  const isOnline = () => state().status === 'online'
  createEffect(() => {
    if (isOnline()) return setLost(false)
    const timer = setTimeout(() => setLost(true), patienceMs)
    onCleanup(() => clearTimeout(timer))
  })
  return (
    <Show when={lost()}>
      <div class="connection-banner" role="status">
        <WifiOff aria-hidden="true" />
        <span>{t().app.reconnecting}</span>
        <button type="button" onClick={() => client.connection.retryNow()}>
          {t().app.retry}
        </button>
      </div>
    </Show>
  )
}
