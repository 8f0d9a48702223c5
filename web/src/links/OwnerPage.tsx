import { useNavigate } from '@solidjs/router'
import Crown from 'lucide-solid/icons/crown'
import { createSignal, Show } from 'solid-js'
import { AuthForm, type Mode } from '../auth/AuthForm.tsx'
import { useI18n } from '../i18n/i18n.tsx'
import { useClient } from '../shell/client.tsx'
import { errorText } from '../shell/error-text.ts'
import { useSelf } from '../shell/self.ts'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { LinkPage } from './LinkPage.tsx'
import { readLinkToken } from './token.ts'

/** What the opener of an owner link sees: the way to own this server, with an account or without. */
export default function OwnerPage() {
  const { t } = useI18n()
  const client = useClient()
  const navigate = useNavigate()
  const self = useSelf()
  const token = readLinkToken(location.hash)
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
    <LinkPage token={token} kind="owner">
      {() => (
        <>
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
        </>
      )}
    </LinkPage>
  )
}
