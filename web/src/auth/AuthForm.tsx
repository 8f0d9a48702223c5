import type { RegisterBody } from '@beseda/protocol/auth'
import { limits } from '@beseda/protocol/limits'
import Eye from 'lucide-solid/icons/eye'
import EyeOff from 'lucide-solid/icons/eye-off'
import { createResource, createSignal, Show } from 'solid-js'
import { createStore } from 'solid-js/store'
import { useI18n } from '../i18n/i18n.tsx'
import { formatDuration } from '../i18n/times.ts'
import { useClient } from '../shell/client.tsx'
import { errorText } from '../shell/error-text.ts'
import { settled } from '../shell/settled.ts'
import { createWait } from '../shell/wait.ts'
import { Button } from '../ui/Button.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { TextField } from '../ui/TextField.tsx'
import { type Entry, logInErrors, signUpErrors } from './validate.ts'

export type Mode = 'logIn' | 'signUp'

/** What lets somebody register where not everybody may. */
export type Admission = Pick<RegisterBody, 'ownerToken' | 'invite'>

/** Username and password, and for a new account the display name. */
export function AuthForm(props: {
  mode: Mode
  onMode: (mode: Mode) => void
  admission?: Admission | undefined
  onRegistered?: (() => void) | undefined
}) {
  const { t } = useI18n()
  const client = useClient()
  const [entry, setEntry] = createStore<Entry>({ username: '', password: '', displayName: '' })
  const [shown, setShown] = createSignal(false)
  const [tried, setTried] = createSignal(false)
  const [busy, setBusy] = createSignal(false)
  const [refusal, setRefusal] = createSignal<unknown>()

  const wait = createWait(refusal, () => setRefusal(undefined))

  const isNew = () => props.mode === 'signUp'
  const [config] = createResource(() => client.rest.config())
  /** Why nobody can sign up here; undefined as long as it is not known. */
  const shut = () => {
    const { ownerToken, invite } = props.admission ?? {}
    const registration = ownerToken === undefined ? settled(config)?.registration : 'open'
    if (registration === 'closed') return t().errors.REGISTRATION_CLOSED
    return registration === 'invite' && invite === undefined && t().errors.REGISTRATION_INVITE
  }
  const errors = () => {
    if (!tried()) return {}
    return isNew() ? signUpErrors(t(), entry) : logInErrors(t(), entry)
  }
  const submitLabel = () => (isNew() ? t().auth.signUp : t().auth.logIn)
  const change = (field: keyof Entry) => (value: string) => {
    setEntry(field, value)
    // Tries are counted by username: another password has to wait as well.
    if (wait() === 0 || field === 'username') setRefusal(undefined)
  }
  const switchMode = () => {
    setTried(false)
    setRefusal(undefined)
    props.onMode(isNew() ? 'logIn' : 'signUp')
  }

  const submit = async (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault()
    setTried(true)
    if (Object.keys(errors()).length > 0) return focusFirstError(event.currentTarget)
    if (busy() || wait() > 0) return
    setBusy(true)
    setRefusal(undefined)
    try {
      const { username, password, displayName } = entry
      if (isNew()) {
        await client.session.register({ username, password, displayName, ...props.admission })
        props.onRegistered?.()
      } else await client.session.login({ username, password })
    } catch (error) {
      setRefusal(error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <form class="auth__form" onSubmit={submit} novalidate>
      <h1>{isNew() ? t().auth.create : t().auth.welcome}</h1>
      <TextField
        label={t().auth.username}
        name="username"
        autocomplete="username"
        autocapitalize="none"
        autofocus
        value={entry.username}
        onInput={change('username')}
        error={errors().username}
        hint={isNew() ? t().auth.usernameHint : undefined}
      />
      <Show when={isNew()}>
        <TextField
          label={t().auth.displayName}
          name="name"
          autocomplete="name"
          autocapitalize="words"
          value={entry.displayName}
          onInput={change('displayName')}
          error={errors().displayName}
          hint={t().auth.displayNameHint}
        />
      </Show>
      <TextField
        label={t().auth.password}
        name="password"
        type={shown() ? 'text' : 'password'}
        autocomplete={isNew() ? 'new-password' : 'current-password'}
        autocapitalize="none"
        value={entry.password}
        onInput={change('password')}
        error={errors().password}
        hint={isNew() ? t().auth.passwordHint(limits.passwordMin) : undefined}
        end={
          <IconButton
            label={shown() ? t().auth.hide : t().auth.show}
            onClick={() => setShown(!shown())}
          >
            <Show when={shown()} fallback={<Eye aria-hidden="true" />}>
              <EyeOff aria-hidden="true" />
            </Show>
          </IconButton>
        }
      />
      <p class="auth__refusal" role="alert">
        <Show when={refusal()}>{errorText(t(), refusal())}</Show>
      </p>
      <Button type="submit" look="primary" size="large" wide busy={busy()} disabled={wait() > 0}>
        {wait() > 0 ? t().waits.retryIn(formatDuration(wait())) : submitLabel()}
      </Button>
      <Show when={!isNew() && shut()}>{(why) => <p class="auth__switch">{why()}</p>}</Show>
      <p class="auth__switch" hidden={!isNew() && Boolean(shut())}>
        {isNew() ? t().auth.haveAccount : t().auth.noAccount}{' '}
        <button type="button" onClick={switchMode}>
          {isNew() ? t().auth.logIn : t().auth.signUp}
        </button>
      </p>
    </form>
  )
}

function focusFirstError(form: HTMLFormElement): void {
  form.querySelector<HTMLInputElement>('[aria-invalid="true"]')?.focus()
}
