import './Splash.css'
import { Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { Logo } from '../ui/Logo.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { fromStore, useClient } from './client.tsx'

/** Stands while an earlier session is restored, and says so when the server is away. */
export function Splash() {
  const { t } = useI18n()
  const session = fromStore(useClient().session.state)
  const unreachable = () => {
    const state = session()
    return state.status === 'restoring' && state.unreachable
  }
  return (
    <main class="splash" aria-busy="true">
      <Logo size={84} />
      <p class="splash__text" role="status">
        <Spinner />
        <Show when={unreachable()} fallback={t().app.restoring}>
          {t().app.unreachable}
        </Show>
      </p>
    </main>
  )
}
