import './ChatList.css'
import './CreateGroupModal.css'
import { limits } from '@beseda/protocol/limits'
import type { User } from '@beseda/protocol/users'
import X from 'lucide-solid/icons/x'
import { createMemo, createSignal, Match, Show, Switch } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { fromStore, useClient } from '../shell/client.tsx'
import { errorText } from '../shell/error-text.ts'
import { RetryButton } from '../shell/RetryButton.tsx'
import { useSelf } from '../shell/self.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { focusFirst, moveByArrows } from '../ui/arrow-keys.ts'
import { Button } from '../ui/Button.tsx'
import { CheckRow } from '../ui/CheckRow.tsx'
import { Keyed } from '../ui/Keyed.tsx'
import { SearchField } from '../ui/SearchField.tsx'
import { ChatRowSkeletons } from './ChatRows.tsx'
import { presenceOf, userFace } from './face.ts'
import { UserRow } from './UserRow.tsx'
import { createUserSearch } from './user-search.ts'

/** Who is in the group: a search, a list to tick, and those ticked as chips. */
export function GroupMembersStep(props: {
  selected: User[]
  onSelect: (users: User[]) => void
  /** How many more the group can hold. */
  max: number
  /** Ids of those who are not to be chosen from. */
  except?: ReadonlySet<string> | undefined
}) {
  const { t } = useI18n()
  const client = useClient()
  const self = useSelf()
  const presence = fromStore(client.chats.presence)
  const [query, setQuery] = createSignal('')
  const search = createUserSearch(
    client.rest,
    () => query().trim(),
    (user) => user.id !== self()?.id,
  )
  let list: HTMLDivElement | undefined

  const isSelected = (user: User) => props.selected.some((one) => one.id === user.id)
  const isFull = () => props.selected.length >= props.max
  const found = createMemo(() => search.found().users.filter((user) => !props.except?.has(user.id)))
  const select = (user: User, wanted: boolean) => {
    const others = props.selected.filter((one) => one.id !== user.id)
    props.onSelect(wanted ? [...others, user] : others)
  }

  return (
    <div class="create-group">
      <div class="create-group__head">
        <SearchField
          autofocus
          label={t().group.search}
          clearLabel={t().app.clear}
          value={query()}
          onInput={setQuery}
          busy={search.found().status === 'busy'}
          maxLength={limits.searchQueryMax}
          onArrowDown={() => focusFirst(list)}
        />
        <Show when={props.selected.length > 0}>
          <ul class="create-group__chips">
            <Keyed each={props.selected} by={(user) => user.id}>
              {(user) => (
                <li>
                  <button
                    type="button"
                    class="create-group__chip"
                    aria-label={t().group.unselect(user().displayName)}
                    onClick={() => select(user(), false)}
                  >
                    <Avatar {...userFace(user())} size="xs" />
                    <span>{user().displayName}</span>
                    <X aria-hidden="true" />
                  </button>
                </li>
              )}
            </Keyed>
          </ul>
        </Show>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend in sight */}
      <div
        class="create-group__users"
        role="group"
        aria-label={t().group.users}
        ref={list}
        onKeyDown={moveByArrows}
      >
        <Switch>
          <Match when={found().length > 0}>
            <Keyed each={found()} by={(user) => user.id}>
              {(user) => (
                <CheckRow
                  label={`${user().displayName} (@${user().username})`}
                  checked={isSelected(user())}
                  disabled={isFull() && !isSelected(user())}
                  onChange={(checked) => select(user(), checked)}
                >
                  <UserRow user={user()} status={presenceOf(presence(), user()).status} size="s" />
                </CheckRow>
              )}
            </Keyed>
            <Show when={search.found().cursor !== null}>
              <div class="chat-list__note">
                <Button size="small" onClick={search.more}>
                  {t().group.more}
                </Button>
              </div>
            </Show>
          </Match>
          <Match when={search.found().status === 'failed'}>
            <div class="chat-list__note" role="alert">
              <p>{errorText(t(), search.found().error)}</p>
              <RetryButton error={search.found().error} onRetry={search.retry} />
            </div>
          </Match>
          <Match when={search.found().status === 'done'}>
            <p class="chat-list__note">{t().chats.nothingFound}</p>
          </Match>
          <Match when={true}>
            <ChatRowSkeletons />
          </Match>
        </Switch>
      </div>
    </div>
  )
}
