import './ChatList.css'
import { limits } from '@beseda/protocol/limits'
import Menu from 'lucide-solid/icons/menu'
import MessageCirclePlus from 'lucide-solid/icons/message-circle-plus'
import { createSignal, Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { fromStore, useClient } from '../shell/client.tsx'
import { focusFirst } from '../ui/arrow-keys.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { SearchField } from '../ui/SearchField.tsx'
import { ChatRows } from './ChatRows.tsx'
import { SearchResults } from './SearchResults.tsx'

/** The left column: menu, search, and the chats or what was found. */
export function ChatList(props: {
  onMenu: () => void
  onCreateGroup: () => void
  onOpen: (chatId: string, seq?: number) => void
}) {
  const { t } = useI18n()
  const client = useClient()
  const state = fromStore(client.chats.state)
  const [query, setQuery] = createSignal('')
  const [searching, setSearching] = createSignal(false)
  let column: HTMLElement | undefined
  let rows: HTMLDivElement | undefined

  const asked = () => query().trim()
  const open = (chatId: string, seq?: number) => {
    setQuery('')
    props.onOpen(chatId, seq)
  }
  return (
    <aside class="chat-list" aria-label={t().chats.list} ref={column}>
      <header class="chat-list__header">
        <IconButton label={t().profile.menu} side="bottom" onClick={props.onMenu}>
          <Menu aria-hidden="true" />
        </IconButton>
        <h1 class="chat-list__title">{t().app.name}</h1>
        <Show when={state().chats.length > 0}>
          <IconButton
            label={t().chats.createGroup}
            side="bottom"
            look="primary"
            onClick={props.onCreateGroup}
          >
            <MessageCirclePlus aria-hidden="true" />
          </IconButton>
        </Show>
      </header>
      <div class="chat-list__search">
        <SearchField
          label={t().chats.search}
          clearLabel={t().app.clear}
          value={query()}
          onInput={setQuery}
          busy={searching()}
          maxLength={limits.searchQueryMax}
          onArrowDown={() => focusFirst(rows)}
        />
      </div>
      <div class="chat-list__scroll" ref={rows}>
        <Show
          when={asked() !== ''}
          fallback={
            <ChatRows
              onCreateGroup={props.onCreateGroup}
              onSearch={() => column?.querySelector('input')?.focus()}
            />
          }
        >
          <SearchResults query={asked()} onBusy={setSearching} onOpen={open} />
        </Show>
      </div>
    </aside>
  )
}
