import { limits } from '@beseda/protocol/limits'
import { createResource, createSignal, Show } from 'solid-js'
import { passwordError } from '../auth/validate.ts'
import { useI18n } from '../i18n/i18n.tsx'
import { useAttempt } from '../shell/attempt.ts'
import { useClient } from '../shell/client.tsx'
import { errorText } from '../shell/error-text.ts'
import { useFeedback } from '../shell/feedback.ts'
import { Loaded } from '../shell/Loaded.tsx'
import { Button } from '../ui/Button.tsx'
import { Modal } from '../ui/Modal.tsx'
import { TextField } from '../ui/TextField.tsx'
import { DeviceList } from './DeviceList.tsx'

/** Where one is signed in, and one's password. */
export function SecurityModal(props: { onClose: () => void }) {
  const { t } = useI18n()
  const { rest } = useClient()
  const attempt = useAttempt()
  const [devices, { refetch }] = createResource(async () => (await rest.devices()).items)
  const end = (sessionId?: string) =>
    attempt(async () => {
      await rest.endDevices(sessionId)
      await refetch()
    })
  return (
    <Modal open title={t().devices.title} closeLabel={t().app.close} onClose={props.onClose}>
      <div class="security">
        <section aria-label={t().devices.list}>
          <h3>{t().devices.list}</h3>
          <Loaded resource={devices} onRetry={() => void refetch()}>
            {(known) => <DeviceList devices={known()} onEnd={end} />}
          </Loaded>
        </section>
        <PasswordForm onChanged={() => void refetch()} />
      </div>
    </Modal>
  )
}

function PasswordForm(props: { onChanged: () => void }) {
  const { t } = useI18n()
  const { rest } = useClient()
  const feedback = useFeedback()
  const [current, setCurrent] = createSignal('')
  const [password, setPassword] = createSignal('')
  const [tried, setTried] = createSignal(false)
  const [busy, setBusy] = createSignal(false)
  const [refusal, setRefusal] = createSignal<unknown>()
  const missing = () => (current() === '' ? t().auth.required : undefined)
  const problem = () => passwordError(t(), password())

  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    setTried(true)
    if (missing() || problem() || busy()) return
    setBusy(true)
    setRefusal(undefined)
    try {
      await rest.changePassword({ current: current(), password: password() })
      setCurrent('')
      setPassword('')
      setTried(false)
      feedback.done(t().devices.passwordChanged)
      props.onChanged()
    } catch (error) {
      setRefusal(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={submit} novalidate>
      <h3>{t().devices.password}</h3>
      <TextField
        label={t().devices.currentPassword}
        name="current-password"
        type="password"
        autocomplete="current-password"
        autocapitalize="none"
        value={current()}
        onInput={setCurrent}
        error={tried() ? missing() : undefined}
      />
      <TextField
        label={t().links.newPassword}
        name="new-password"
        type="password"
        autocomplete="new-password"
        autocapitalize="none"
        value={password()}
        onInput={setPassword}
        error={tried() ? problem() : undefined}
        hint={t().auth.passwordHint(limits.passwordMin)}
      />
      <Show when={refusal()}>
        <p class="text-field__note text-field__note--error" role="alert">
          {errorText(t(), refusal())}
        </p>
      </Show>
      <Button type="submit" look="primary" wide busy={busy()}>
        {t().links.resetAction}
      </Button>
    </form>
  )
}
