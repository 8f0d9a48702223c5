import './ChatList.css'
import SearchX from 'lucide-solid/icons/search-x'
import { createEffect, createSignal, Match, onCleanup, Show, Switch } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { createNow } from '../i18n/now.ts'
import { fromStore, useClient } from '../shell/client.tsx'
import { errorText } from '../shell/error-text.ts'
import { useFeedback } from '../shell/feedback.ts'
import { RetryButton } from '../shell/RetryButton.tsx'
import { useSelf } from '../shell/self.ts'
import { moveByArrows } from '../ui/arrow-keys.ts'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { Keyed } from '../ui/Keyed.tsx'
import { ChatRow } from './ChatRow.tsx'
import { ChatRowSkeletons } from './ChatRows.tsx'
import { FoundMessageRow } from './FoundMessageRow.tsx'
import { presenceOf } from './face.ts'
import { createMessageSearch } from './message-search.ts'
import { UserRow } from './UserRow.tsx'
import { createUserSearch } from './user-search.ts'

/** Groups of one's own by name, and everybody whose name comes near what was typed. */
export function SearchResults(props: {
  query: string
  onBusy: (busy: boolean) => void
  onOpen: (chatId: string, seq?: number) => void
}) {
  const { t } = useI18n()
  const client = useClient()
  const self = useSelf()
  const feedback = useFeedback()
  const now = createNow(60_000)
  const chats = fromStore(client.chats.state)
  const presence = fromStore(client.chats.presence)
  const [opening, setOpening] = createSignal(false)
  const search = createUserSearch(
    client.rest,
    () => props.query,
    (user) => user.id !== self()?.id,
  )
  const found = search.found
  const messages = createMessageSearch(client.rest, () => ({ q: props.query }))
  // When the server is out of reach, the people's half says so.
  const isSearching = () => messages.found().status === 'busy'
  createEffect(() => props.onBusy(found().status === 'busy' || isSearching() || opening()))
  onCleanup(() => props.onBusy(false))

  const groups = () => {
    const query = props.query.toLowerCase()
    return chats().chats.filter((chat) => chat.name?.toLowerCase().includes(query))
  }
  const nothing = () =>
    found().status === 'done' &&
    !isSearching() &&
    [found().users, groups(), messages.found().items].every((list) => list.length === 0)

  const open = async (userId: string) => {
    if (opening()) return
    setOpening(true)
    try {
      props.onOpen((await client.chats.openPersonal(userId)).id)
    } catch (error) {
      feedback.failed(error)
    } finally {
      setOpening(false)
    }
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move among the rows inside
    <div onKeyDown={moveByArrows}>
      <Show when={groups().length > 0}>
        <h2 class="chat-list__heading">{t().chats.list}</h2>
        <Keyed each={groups()} by={(chat) => chat.id}>
          {(chat) => (
            // biome-ignore lint/a11y/noStaticElementInteractions: the link inside does the work
            // biome-ignore lint/a11y/useKeyWithClickEvents: a link's Enter is a click too
            <div onClick={() => props.onOpen(chat().id)}>
              <ChatRow chat={chat()} presence={presence()} selfId={self()?.id ?? ''} now={now()} />
            </div>
          )}
        </Keyed>
      </Show>
      <Switch>
        <Match when={found().users.length > 0}>
          <h2 class="chat-list__heading">{t().chats.people}</h2>
          <Keyed each={found().users} by={(user) => user.id}>
            {(user) => (
              <button type="button" class="chat-row" onClick={() => void open(user().id)}>
                <UserRow user={user()} status={presenceOf(presence(), user()).status} />
              </button>
            )}
          </Keyed>
          <Show when={found().cursor !== null}>
            <div class="chat-list__note">
              <Button size="small" onClick={search.more}>
                {t().group.more}
              </Button>
            </div>
          </Show>
        </Match>
        <Match when={found().status === 'failed'}>
          <div class="chat-list__note" role="alert">
            <p>{errorText(t(), found().error)}</p>
            <RetryButton error={found().error} onRetry={search.retry} />
          </div>
        </Match>
        <Match when={nothing()}>
          <EmptyState
            icon={<SearchX />}
            title={t().chats.nothingAtAll}
            text={t().chats.nothingAtAllText(props.query)}
          />
        </Match>
        <Match when={found().status === 'busy' || found().status === 'idle'}>
          <ChatRowSkeletons />
        </Match>
      </Switch>
      <Show when={messages.found().items.length > 0}>
        <h2 class="chat-list__heading">{t().chats.messages}</h2>
        <Keyed each={messages.found().items} by={({ message }) => message.id}>
          {(one) => (
            <FoundMessageRow
              found={one()}
              query={props.query}
              heading="chat"
              chat={chats().chats.find((chat) => chat.id === one().chat.id)}
              now={now()}
              onOpen={() => props.onOpen(one().chat.id, one().message.seq)}
            />
          )}
        </Keyed>
        <Show when={messages.found().cursor !== null}>
          <div class="chat-list__note">
            <Button size="small" onClick={messages.more}>
              {t().group.more}
            </Button>
          </div>
        </Show>
      </Show>
    </div>
  )
}
