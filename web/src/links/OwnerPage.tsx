import '../invites/InvitePage.css'
import { useNavigate } from '@solidjs/router'
import Crown from 'lucide-solid/icons/crown'
import Link2Off from 'lucide-solid/icons/link-2-off'
import { createResource, createSignal, Match, Show, Switch } from 'solid-js'
import { AuthForm, type Mode } from '../auth/AuthForm.tsx'
import { useI18n } from '../i18n/i18n.tsx'
import { LanguageSwitch } from '../i18n/LanguageSwitch.tsx'
import { useClient } from '../shell/client.tsx'
import { errorText } from '../shell/error-text.ts'
import { RetryButton } from '../shell/RetryButton.tsx'
import { Splash } from '../shell/Splash.tsx'
import { useSelf } from '../shell/self.ts'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { readLinkToken } from './token.ts'

/** What the opener of an owner link sees: the way to own this server, with an account or without. */
export default function OwnerPage() {
  const { t } = useI18n()
  const client = useClient()
  const navigate = useNavigate()
  const self = useSelf()
  const token = readLinkToken(location.hash)
  const [preview, { refetch }] = createResource(() => client.rest.previewLink(token))
  const [mode, setMode] = createSignal<Mode>('signUp')
  const [busy, setBusy] = createSignal(false)
  const [refusal, setRefusal] = createSignal<unknown>()
  const leave = () => navigate('/', { replace: true })

  const claim = async () => {
    setBusy(true)
    setRefusal(undefined)
    try {
      await client.rest.claimOwnership(token)
      // The session has to learn what its user is now.
      await client.session.restore()
      leave()
    } catch (error) {
      setRefusal(error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <div class="invite-page">
      <Switch fallback={<Splash />}>
        <Match when={preview.error}>
          {(error) => (
            <main class="invite-page__card">
              <EmptyState
                icon={<Link2Off />}
                title={t().links.notValid}
                text={errorText(t(), error())}
              >
                <Button look="primary" onClick={leave}>
                  {t().app.toChats}
                </Button>
                <RetryButton error={error()} onRetry={() => void refetch()} />
              </EmptyState>
            </main>
          )}
        </Match>
        <Match when={preview()}>
          <main class="invite-page__card">
            <EmptyState icon={<Crown />} title={t().links.ownerTitle} text={t().links.ownerText} />
            <Show
              when={self()}
              fallback={
                <AuthForm
                  mode={mode()}
                  onMode={setMode}
                  admission={{ ownerToken: token }}
                  onRegistered={leave}
                />
              }
            >
              {(user) => (
                <>
                  <p class="invite-page__hint">{t().invites.joinAs(user().displayName)}</p>
                  <p class="auth__refusal" role="alert">
                    <Show when={refusal()}>{errorText(t(), refusal())}</Show>
                  </p>
                  <Button look="primary" size="large" wide busy={busy()} onClick={claim}>
                    {t().links.ownerClaim}
                  </Button>
                </>
              )}
            </Show>
          </main>
        </Match>
      </Switch>
      <LanguageSwitch />
    </div>
  )
}
