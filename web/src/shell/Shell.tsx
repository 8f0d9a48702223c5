import './Shell.css'
import { useNavigate, useParams } from '@solidjs/router'
import MessagesSquare from 'lucide-solid/icons/messages-square'
import { createSignal, lazy, onCleanup, Show, Suspense } from 'solid-js'
import { AttachmentsProvider } from '../attachments/context.tsx'
import { CallLayer } from '../calls/CallLayer.tsx'
import { CallsProvider } from '../calls/context.tsx'
import { ChatList } from '../chats/ChatList.tsx'
import { ChatPage } from '../chats/ChatPage.tsx'
import { CreateGroupModal } from '../chats/CreateGroupModal.tsx'
import { useI18n } from '../i18n/i18n.tsx'
import { Banners } from '../notifications/Banners.tsx'
import { createNotifier } from '../notifications/notifier.ts'
import { createNotificationSettings } from '../notifications/settings.ts'
import { MenuModal } from '../profile/MenuModal.tsx'
import { SecurityModal } from '../profile/SecurityModal.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ConnectionBanner } from './ConnectionBanner.tsx'
import { fromStore, useClient } from './client.tsx'
import { leaveClosedChats } from './closed-chat.ts'
import { openDrafts } from './drafts.ts'
import { tellPresence } from './idle.ts'
import { useSelf } from './self.ts'
import { findStorage } from './storage.ts'
import { keepTitle } from './title.ts'

/** For few people: the others never load it. */
const AdminWindow = lazy(async () => ({
  default: (await import('../administration/AdminWindow.tsx')).AdminWindow,
}))

/** Everything behind the entrance: the chats, the open one, and calls over them. */
export default function Shell() {
  const { t } = useI18n()
  const params = useParams<{ chatId?: string; seq?: string }>()
  const navigate = useNavigate()
  const client = useClient()
  const drafts = openDrafts(useSelf()()?.id ?? '', findStorage())
  onCleanup(() => {
    // Who signs out leaves nothing behind; after a session that expired one writes on.
    const session = client.session.state.get()
    if (session.status === 'anonymous' && !session.expired) drafts.clear()
  })
  const [menuOpen, setMenuOpen] = createSignal(false)
  const [creating, setCreating] = createSignal(false)
  const [window, setWindow] = createSignal<'security' | 'administration' | null>(null)
  const openInstead = (name: 'security' | 'administration') => {
    setMenuOpen(false)
    setWindow(name)
  }
  const session = fromStore(client.session.state)
  const role = () => {
    const state = session()
    return state.status === 'authenticated' ? state.serverRole : 'member'
  }
  keepTitle()
  tellPresence(client)
  leaveClosedChats(
    () => params.chatId,
    () => navigate('/', { replace: true }),
  )

  const open = (chatId: string, seq?: number) =>
    navigate(seq === undefined ? `/chats/${chatId}` : `/chats/${chatId}/message/${seq}`)
  const settings = createNotificationSettings()
  const notifier = createNotifier({ settings, openChatId: () => params.chatId, onOpen: open })
  const namedSeq = () => (/^[1-9]\d{0,14}$/.test(params.seq ?? '') ? Number(params.seq) : null)
  const createGroup = () => {
    setMenuOpen(false)
    setCreating(true)
  }
  return (
    <AttachmentsProvider>
      <CallsProvider onOpenChat={open}>
        <div class="shell" data-at={params.chatId ? 'chat' : 'list'}>
          <ConnectionBanner />
          <ChatList onMenu={() => setMenuOpen(true)} onCreateGroup={createGroup} onOpen={open} />
          <Show
            keyed
            when={params.chatId}
            fallback={
              <main class="chat-page">
                <EmptyState
                  icon={<MessagesSquare />}
                  title={t().chats.choose}
                  text={t().chats.chooseText}
                />
              </main>
            }
          >
            {(chatId) => (
              <ChatPage
                chatId={chatId}
                seq={namedSeq()}
                drafts={drafts}
                onBack={() => navigate('/')}
              />
            )}
          </Show>
        </div>
        <MenuModal
          open={menuOpen()}
          settings={settings}
          onClose={() => setMenuOpen(false)}
          onCreateGroup={createGroup}
          onSecurity={() => openInstead('security')}
          onAdministration={role() === 'member' ? undefined : () => openInstead('administration')}
        />
        <Show when={window() === 'security'}>
          <SecurityModal onClose={() => setWindow(null)} />
        </Show>
        <Show when={window() === 'administration'}>
          <Suspense>
            <AdminWindow role={role()} onClose={() => setWindow(null)} />
          </Suspense>
        </Show>
        <Show when={creating()}>
          <CreateGroupModal
            onClose={() => setCreating(false)}
            onCreated={(chatId) => {
              setCreating(false)
              open(chatId)
            }}
          />
        </Show>
        <CallLayer />
        <Banners banners={notifier.banners()} onOpen={open} onDismiss={notifier.dismiss} />
      </CallsProvider>
    </AttachmentsProvider>
  )
}
