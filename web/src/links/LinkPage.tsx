import '../invites/InvitePage.css'
import type { LinkPreview } from '@beseda/protocol/auth'
import { useNavigate } from '@solidjs/router'
import Link2Off from 'lucide-solid/icons/link-2-off'
import { createResource, type JSX, Match, Switch } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { LanguageSwitch } from '../i18n/LanguageSwitch.tsx'
import { useClient } from '../shell/client.tsx'
import { errorText } from '../shell/error-text.ts'
import { RetryButton } from '../shell/RetryButton.tsx'
import { Splash } from '../shell/Splash.tsx'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'

/** The card of a one-time link of a kind, or why the link is good for nothing. */
export function LinkPage(props: {
  token: string
  kind: LinkPreview['kind']
  children: (preview: LinkPreview) => JSX.Element
}) {
  const { t } = useI18n()
  const client = useClient()
  const navigate = useNavigate()
  const [preview, { refetch }] = createResource(() => client.rest.previewLink(props.token))
  const fitting = () => (preview.error ? undefined : preview.latest)
  return (
    <div class="invite-page">
      <Switch fallback={<Splash />}>
        <Match when={preview.error ?? (fitting() && fitting()?.kind !== props.kind)}>
          <main class="invite-page__card">
            <EmptyState
              icon={<Link2Off />}
              title={t().links.notValid}
              text={preview.error ? errorText(t(), preview.error) : t().errors.LINK_INVALID}
            >
              <Button look="primary" onClick={() => navigate('/', { replace: true })}>
                {t().app.toChats}
              </Button>
              <RetryButton error={preview.error} onRetry={() => void refetch()} />
            </EmptyState>
          </main>
        </Match>
        <Match when={fitting()}>
          {(found) => <main class="invite-page__card">{props.children(found())}</main>}
        </Match>
      </Switch>
      <LanguageSwitch />
    </div>
  )
}
