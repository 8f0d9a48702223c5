import type { Client } from '@beseda/client/client'
import { Route, Router } from '@solidjs/router'
import { type JSX, lazy, Match, Suspense, Switch } from 'solid-js'
import { AuthPage } from '../auth/AuthPage.tsx'
import { I18nProvider, useI18n } from '../i18n/i18n.tsx'
import { ToastRegion } from '../ui/Toast.tsx'
import { ClientProvider, fromStore, useClient } from './client.tsx'
import { Splash } from './Splash.tsx'

const Shell = lazy(() => import('./Shell.tsx'))
const InvitePage = lazy(() => import('../invites/InvitePage.tsx'))
const OwnerPage = lazy(() => import('../links/OwnerPage.tsx'))
const ResetPage = lazy(() => import('../links/ResetPage.tsx'))
const JoinPage = lazy(() => import('../links/JoinPage.tsx'))
/** The gallery is for development: the production bundle has no trace of it. */
const Gallery = import.meta.env.DEV ? lazy(() => import('../gallery/Gallery.tsx')) : null

/** The whole page. */
export function App(props: { client: Client }) {
  return (
    <I18nProvider>
      <ClientProvider client={props.client}>
        <Router root={Frame}>
          {Gallery && <Route path="/_gallery" component={Gallery} />}
          <Route path="/invite/:code" component={InvitePage} />
          <Route path="/owner" component={OwnerPage} />
          <Route path="/join/:code" component={JoinPage} />
          <Route path="/reset" component={ResetPage} />
          <Route
            path={[
              '/',
              '/chats/:chatId',
              '/chats/:chatId/message/:seq',
              '/chat/:chatId/message/:seq',
              '*',
            ]}
            component={Door}
          />
        </Router>
      </ClientProvider>
    </I18nProvider>
  )
}

function Frame(props: { children?: JSX.Element }) {
  const { t } = useI18n()
  return (
    <>
      <Suspense fallback={<Splash />}>{props.children}</Suspense>
      <ToastRegion label={t().app.notifications} />
    </>
  )
}

/** The chats for those who are signed in, the entrance for the others. */
function Door() {
  const session = fromStore(useClient().session.state)
  const state = () => session()
  return (
    <Switch fallback={<Splash />}>
      <Match when={state().status === 'authenticated'}>
        <Shell />
      </Match>
      <Match when={state().status === 'anonymous'}>
        <AuthPage />
      </Match>
    </Switch>
  )
}
