import './ChatList.css'
import MessageCircle from 'lucide-solid/icons/message-circle'
import { For, Match, Switch } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { createNow } from '../i18n/now.ts'
import { fromStore, useClient } from '../shell/client.tsx'
import { useSelf } from '../shell/self.ts'
import { moveByArrows } from '../ui/arrow-keys.ts'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { Keyed } from '../ui/Keyed.tsx'
import { Skeleton } from '../ui/Skeleton.tsx'
import { ChatRow } from './ChatRow.tsx'

/** The own chats, newest activity first; or why there are none to see. */
export function ChatRows(props: { onCreateGroup: () => void; onSearch: () => void }) {
  const { t } = useI18n()
  const client = useClient()
  const self = useSelf()
  const state = fromStore(client.chats.state)
  const presence = fromStore(client.chats.presence)
  const now = createNow(60_000)
  return (
    <Switch>
      <Match when={state().chats.length > 0}>
        <nav aria-label={t().chats.list}>
          <ul onKeyDown={moveByArrows}>
            <Keyed each={state().chats} by={(chat) => chat.id}>
              {(chat) => (
                <li>
                  <ChatRow
                    chat={chat()}
                    presence={presence()}
                    selfId={self()?.id ?? ''}
                    now={now()}
                  />
                </li>
              )}
            </Keyed>
          </ul>
        </nav>
      </Match>
      <Match when={state().status === 'loading'}>
        <ChatRowSkeletons />
      </Match>
      <Match when={state().status === 'failed'}>
        <div class="chat-list__note" role="alert">
          <p>{t().chats.loadFailed}</p>
          <Button onClick={() => void client.chats.load()}>{t().app.retry}</Button>
        </div>
      </Match>
      <Match when={state().status === 'ready'}>
        <EmptyState icon={<MessageCircle />} title={t().chats.none} text={t().chats.noneText}>
          <Button look="primary" onClick={props.onSearch}>
            {t().chats.findPeople}
          </Button>
          <Button onClick={props.onCreateGroup}>{t().chats.createGroup}</Button>
        </EmptyState>
      </Match>
    </Switch>
  )
}

const widths = ['62%', '44%', '71%', '53%', '66%', '40%']

/** Rows that are on their way. */
export function ChatRowSkeletons() {
  const { t } = useI18n()
  return (
    <div role="status">
      <span class="hidden-visually">{t().app.loading}</span>
      <For each={widths}>
        {(width) => (
          <div class="chat-list__skeleton">
            <Skeleton round width="48px" height="48px" />
            <div>
              <Skeleton width={width} />
              <Skeleton height="0.7rem" />
            </div>
          </div>
        )}
      </For>
    </div>
  )
}
