import './InvitePage.css'
import type { InvitePreview } from '@beseda/protocol/invites'
import type { User } from '@beseda/protocol/users'
import { useNavigate, useParams } from '@solidjs/router'
import {
  createEffect,
  createMemo,
  createResource,
  createSignal,
  Match,
  Show,
  Switch,
} from 'solid-js'
import { AuthForm, type Mode } from '../auth/AuthForm.tsx'
import { useI18n } from '../i18n/i18n.tsx'
import { LanguageSwitch } from '../i18n/LanguageSwitch.tsx'
import { fromStore, useClient } from '../shell/client.tsx'
import { Splash } from '../shell/Splash.tsx'
import { Button } from '../ui/Button.tsx'
import { InviteFace } from './InviteFace.tsx'
import { InviteRefusal } from './InviteRefusal.tsx'
import { inviteErrorText } from './invite-text.ts'

/** What whoever opens an invitation sees: the group, and the way in, with an account or without. */
export default function InvitePage() {
  const client = useClient()
  const params = useParams<{ code: string }>()
  const navigate = useNavigate()
  const session = fromStore(client.session.state)
  const user = createMemo(() => {
    const state = session()
    return state.status === 'authenticated' ? state.user : null
  })
  // A session is asked for first: the preview tells a member from a guest.
  const asked = createMemo(() =>
    session().status === 'restoring' ? null : { code: params.code, userId: user()?.id },
  )
  const [preview, { refetch }] = createResource(asked, ({ code }) =>
    client.rest.previewInvite(code),
  )
  const [busy, setBusy] = createSignal(false)
  const [refusal, setRefusal] = createSignal<unknown>()
  const shown = () => (preview.error ? undefined : preview.latest)
  const open = (chatId: string) => navigate(`/chats/${chatId}`, { replace: true })

  const join = async () => {
    setBusy(true)
    setRefusal(undefined)
    try {
      open((await client.chats.join(params.code)).id)
    } catch (error) {
      setRefusal(error)
    } finally {
      setBusy(false)
    }
  }
  // Whoever signs in here has said that they want in.
  let cameAsGuest = false
  createEffect(() => {
    const invite = preview.state === 'ready' ? preview() : undefined
    if (!user()) cameAsGuest ||= session().status === 'anonymous'
    else if (invite?.memberOf) open(invite.memberOf)
    else if (invite && cameAsGuest) {
      cameAsGuest = false
      void join()
    }
  })

  return (
    <div class="invite-page">
      <Switch fallback={<Splash />}>
        <Match when={preview.error}>
          {(error) => (
            <main class="invite-page__card">
              <InviteRefusal
                error={error()}
                onRetry={() => void refetch()}
                onLeave={() => navigate('/', { replace: true })}
              />
            </main>
          )}
        </Match>
        <Match when={shown()}>
          {(invite) => (
            <main class="invite-page__card">
              <InviteFace invite={invite()} />
              <Show when={user()} fallback={<Entrance invite={invite()} />}>
                {(self) => (
                  <Joining self={self()} busy={busy()} refusal={refusal()} onJoin={join} />
                )}
              </Show>
            </main>
          )}
        </Match>
      </Switch>
      <LanguageSwitch />
    </div>
  )
}

function Entrance(props: { invite: InvitePreview }) {
  const { t } = useI18n()
  const [mode, setMode] = createSignal<Mode>('signUp')
  return (
    <section class="invite-page__entrance" aria-label={props.invite.chat.name}>
      <p class="invite-page__hint">{t().invites.signUpToJoin}</p>
      <AuthForm mode={mode()} onMode={setMode} admission={{ invite: props.invite.code }} />
    </section>
  )
}

function Joining(props: { self: User; busy: boolean; refusal: unknown; onJoin: () => void }) {
  const { t } = useI18n()
  return (
    <>
      <p class="invite-page__hint">{t().invites.joinAs(props.self.displayName)}</p>
      <p class="auth__refusal" role="alert">
        <Show when={props.refusal}>{inviteErrorText(t(), props.refusal)}</Show>
      </p>
      <Button look="primary" size="large" wide busy={props.busy} onClick={props.onJoin}>
        {t().invites.join}
      </Button>
    </>
  )
}
