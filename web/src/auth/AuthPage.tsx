import './AuthPage.css'
import Lock from 'lucide-solid/icons/lock'
import MessageCircle from 'lucide-solid/icons/message-circle'
import Video from 'lucide-solid/icons/video'
import { createSignal, Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { LanguageSwitch } from '../i18n/LanguageSwitch.tsx'
import { fromStore, useClient } from '../shell/client.tsx'
import { Logo } from '../ui/Logo.tsx'
import { AuthForm } from './AuthForm.tsx'

/** The entrance: log in or sign up. */
export function AuthPage() {
  const { t } = useI18n()
  const session = fromStore(useClient().session.state)
  const [mode, setMode] = createSignal<'logIn' | 'signUp'>('logIn')
  const expired = () => {
    const state = session()
    return state.status === 'anonymous' && state.expired
  }
  return (
    <div class="auth">
      <main class="auth__card">
        <section class="auth__side" aria-label={t().app.name}>
          <div class="auth__brand">
            <Logo size={56} />
            <span>{t().app.name}</span>
          </div>
          <p class="auth__tagline">{t().app.tagline}</p>
          <ul class="auth__points">
            <li>
              <MessageCircle aria-hidden="true" />
              {t().auth.points.chats}
            </li>
            <li>
              <Video aria-hidden="true" />
              {t().auth.points.calls}
            </li>
            <li>
              <Lock aria-hidden="true" />
              {t().auth.points.own}
            </li>
          </ul>
        </section>
        <section class="auth__main">
          <Show when={expired()}>
            <p class="auth__notice" role="status">
              {t().errors.SESSION_REVOKED}
            </p>
          </Show>
          <AuthForm mode={mode()} onMode={setMode} />
        </section>
      </main>
      <LanguageSwitch />
    </div>
  )
}
