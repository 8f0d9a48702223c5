import '../auth/AuthPage.css'
import type { LinkPreview } from '@beseda/protocol/auth'
import { limits } from '@beseda/protocol/limits'
import { useNavigate } from '@solidjs/router'
import { createSignal, Show } from 'solid-js'
import { passwordError } from '../auth/validate.ts'
import { useI18n } from '../i18n/i18n.tsx'
import { useClient } from '../shell/client.tsx'
import { errorText } from '../shell/error-text.ts'
import { Button } from '../ui/Button.tsx'
import { TextField } from '../ui/TextField.tsx'
import { LinkPage } from './LinkPage.tsx'
import { readLinkToken } from './token.ts'

/** Where somebody who was given a reset link chooses a new password. */
export default function ResetPage() {
  const token = readLinkToken(location.hash)
  return (
    <LinkPage token={token} kind="reset">
      {(preview) => <ResetForm token={token} user={preview.user} />}
    </LinkPage>
  )
}

function ResetForm(props: { token: string; user: LinkPreview['user'] }) {
  const { t } = useI18n()
  const client = useClient()
  const navigate = useNavigate()
  const [password, setPassword] = createSignal('')
  const [tried, setTried] = createSignal(false)
  const [busy, setBusy] = createSignal(false)
  const [refusal, setRefusal] = createSignal<unknown>()
  const problem = () => passwordError(t(), password())
  const username = () => props.user?.username ?? ''

  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    setTried(true)
    if (problem() || busy()) return
    setBusy(true)
    setRefusal(undefined)
    try {
      await client.rest.resetPassword(props.token, password())
      await client.session.login({ username: username(), password: password() })
      navigate('/', { replace: true })
    } catch (error) {
      setRefusal(error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <form class="auth__form" onSubmit={submit} novalidate>
      <h1>{t().links.resetTitle}</h1>
      <p class="invite-page__hint">{t().links.resetText(username())}</p>
      {/* For whoever keeps passwords in the browser. */}
      <input type="hidden" name="username" autocomplete="username" value={username()} />
      <TextField
        label={t().links.newPassword}
        name="password"
        type="password"
        autocomplete="new-password"
        autocapitalize="none"
        autofocus
        value={password()}
        onInput={setPassword}
        error={tried() ? problem() : undefined}
        hint={t().auth.passwordHint(limits.passwordMin)}
      />
      <p class="auth__refusal" role="alert">
        <Show when={refusal()}>{errorText(t(), refusal())}</Show>
      </p>
      <Button type="submit" look="primary" size="large" wide busy={busy()}>
        {t().links.resetAction}
      </Button>
    </form>
  )
}
