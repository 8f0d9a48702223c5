import '../invites/InvitePage.css'
import { useNavigate, useParams } from '@solidjs/router'
import UserPlus from 'lucide-solid/icons/user-plus'
import { createEffect, createResource, createSignal, Match, Switch } from 'solid-js'
import { AuthForm, type Mode } from '../auth/AuthForm.tsx'
import { useI18n } from '../i18n/i18n.tsx'
import { LanguageSwitch } from '../i18n/LanguageSwitch.tsx'
import { InviteRefusal } from '../invites/InviteRefusal.tsx'
import { useClient } from '../shell/client.tsx'
import { Splash } from '../shell/Splash.tsx'
import { useSelf } from '../shell/self.ts'
import { EmptyState } from '../ui/EmptyState.tsx'

/** What the opener of an invitation to the server sees: the way to an account. */
export default function JoinPage() {
  const { t } = useI18n()
  const client = useClient()
  const navigate = useNavigate()
  const self = useSelf()
  const params = useParams<{ code: string }>()
  const [preview, { refetch }] = createResource(() => client.rest.previewServerInvite(params.code))
  const [mode, setMode] = createSignal<Mode>('signUp')
  const leave = () => navigate('/', { replace: true })
  // Whoever has an account needs no invitation, or has just used it.
  createEffect(() => self() && leave())
  return (
    <div class="invite-page">
      <Switch fallback={<Splash />}>
        <Match when={preview.error}>
          {(error) => (
            <main class="invite-page__card">
              <InviteRefusal error={error()} onRetry={() => void refetch()} onLeave={leave} />
            </main>
          )}
        </Match>
        <Match when={preview()}>
          {(invite) => (
            <main class="invite-page__card">
              <EmptyState
                icon={<UserPlus />}
                title={t().links.joinTitle}
                text={t().links.joinText(invite().invitedBy)}
              />
              <AuthForm mode={mode()} onMode={setMode} admission={{ invite: params.code }} />
            </main>
          )}
        </Match>
      </Switch>
      <LanguageSwitch />
    </div>
  )
}
