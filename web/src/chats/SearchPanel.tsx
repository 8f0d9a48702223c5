import './SearchPanel.css'
import type { Chat } from '@beseda/protocol/chats'
import { limits } from '@beseda/protocol/limits'
import type { User } from '@beseda/protocol/users'
import ChevronDown from 'lucide-solid/icons/chevron-down'
import SearchX from 'lucide-solid/icons/search-x'
import TextSearch from 'lucide-solid/icons/text-search'
import X from 'lucide-solid/icons/x'
import { createSignal, Match, Show, Switch } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { createNow } from '../i18n/now.ts'
import { MemberChoice } from '../members/MemberChoice.tsx'
import { fromStore, useClient } from '../shell/client.tsx'
import { errorText } from '../shell/error-text.ts'
import { RetryButton } from '../shell/RetryButton.tsx'
import { moveByArrows } from '../ui/arrow-keys.ts'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { Keyed } from '../ui/Keyed.tsx'
import { SearchField } from '../ui/SearchField.tsx'
import { SidePanel } from '../ui/SidePanel.tsx'
import { ChatRowSkeletons } from './ChatRows.tsx'
import { FoundMessageRow } from './FoundMessageRow.tsx'
import { presenceOf } from './face.ts'
import { createMessageSearch } from './message-search.ts'
import { UserRow } from './UserRow.tsx'

/** Finds messages of one chat, by anybody or by one of its members. */
export function SearchPanel(props: {
  chat: Chat
  selfId: string
  onOpen: (seq: number) => void
  onClose: () => void
}) {
  const { t } = useI18n()
  const presence = fromStore(useClient().chats.presence)
  const [query, setQuery] = createSignal('')
  const [sender, setSender] = createSignal<User | null>(null)
  const [choosing, setChoosing] = createSignal(false)
  const choose = (user: User | null) => {
    setSender(user)
    setChoosing(false)
  }
  return (
    <SidePanel title={t().search.title} closeLabel={t().app.close} onClose={props.onClose}>
      <div class="search-panel__question">
        <SearchField
          label={t().search.placeholder}
          clearLabel={t().app.clear}
          value={query()}
          onInput={setQuery}
          maxLength={limits.searchQueryMax}
          autofocus
        />
        <div class="search-panel__sender">
          <button
            type="button"
            class="search-panel__choice"
            aria-expanded={choosing()}
            onClick={() => setChoosing(!choosing())}
          >
            <span class="search-panel__from">{t().search.from}</span>
            <span class="search-panel__name" dir="auto">
              {sender()?.displayName ?? t().search.anybody}
            </span>
            <ChevronDown aria-hidden="true" />
          </button>
          <Show when={sender()}>
            <button
              type="button"
              class="search-panel__clear"
              aria-label={t().search.fromAnybody}
              onClick={() => choose(null)}
            >
              <X aria-hidden="true" />
            </button>
          </Show>
        </div>
      </div>
      <Switch>
        <Match when={choosing()}>
          <MemberChoice
            chatId={props.chat.id}
            role="group"
            label={t().search.from}
            autofocus
            onKeyDown={moveByArrows}
          >
            {(member) => (
              <button type="button" class="chat-row" onClick={() => choose(member().user)}>
                <UserRow
                  user={member().user}
                  status={presenceOf(presence(), member().user).status}
                  note={member().user.id === props.selfId ? t().members.you : undefined}
                />
              </button>
            )}
          </MemberChoice>
        </Match>
        <Match when={query().trim() === ''}>
          <EmptyState icon={<TextSearch />} title={t().search.start} text={t().search.startText} />
        </Match>
        <Match when={true}>
          <Results
            chat={props.chat}
            query={query().trim()}
            senderId={sender()?.id}
            onOpen={props.onOpen}
          />
        </Match>
      </Switch>
    </SidePanel>
  )
}

function Results(props: {
  chat: Chat
  query: string
  senderId: string | undefined
  onOpen: (seq: number) => void
}) {
  const { t } = useI18n()
  const { rest } = useClient()
  const now = createNow(60_000)
  const search = createMessageSearch(rest, () => ({
    q: props.query,
    chatId: props.chat.id,
    ...(props.senderId !== undefined && { senderId: props.senderId }),
  }))
  const found = search.found
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move among the rows inside
    <div class="search-panel__list" onKeyDown={moveByArrows} aria-busy={found().status === 'busy'}>
      <Switch>
        <Match when={found().items.length > 0}>
          <Keyed each={found().items} by={({ message }) => message.id}>
            {(one) => (
              <FoundMessageRow
                found={one()}
                heading="sender"
                query={props.query}
                chat={props.chat}
                now={now()}
                onOpen={() => props.onOpen(one().message.seq)}
              />
            )}
          </Keyed>
          <Show when={found().cursor !== null}>
            <div class="chat-list__note">
              <Button size="small" busy={found().status === 'busy'} onClick={search.more}>
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
        <Match when={found().status === 'done'}>
          <EmptyState
            icon={<SearchX />}
            title={t().search.nothing}
            text={t().search.nothingText(props.query)}
          />
        </Match>
        <Match when={true}>
          <ChatRowSkeletons />
        </Match>
      </Switch>
    </div>
  )
}
