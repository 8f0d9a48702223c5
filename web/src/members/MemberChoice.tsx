import type { Member } from '@beseda/protocol/chats'
import { limits } from '@beseda/protocol/limits'
import type { User } from '@beseda/protocol/users'
import { type Accessor, createMemo, createSignal, type JSX, Match, Show, Switch } from 'solid-js'
import { ChatRowSkeletons } from '../chats/ChatRows.tsx'
import { useI18n } from '../i18n/i18n.tsx'
import { useClient } from '../shell/client.tsx'
import { Button } from '../ui/Button.tsx'
import { Keyed } from '../ui/Keyed.tsx'
import { SearchField } from '../ui/SearchField.tsx'
import { createMemberList } from './member-list.ts'

/** The members of a chat, found by name, one of whom is to be chosen. */
export function MemberChoice(props: {
  chatId: string
  label: string
  /** `radiogroup` where the rows are the choices of one question. */
  role: 'group' | 'radiogroup'
  /** Who may be chosen; left out: anybody. */
  keep?: ((user: User) => boolean) | undefined
  autofocus?: boolean | undefined
  onKeyDown?: ((event: KeyboardEvent & { currentTarget: HTMLElement }) => void) | undefined
  children: (member: Accessor<Member>) => JSX.Element
}) {
  const { t } = useI18n()
  const { rest } = useClient()
  const [query, setQuery] = createSignal('')
  const list = createMemberList(rest, props.chatId, () => query().trim())
  const listed = list.listed
  const members = createMemo(() =>
    listed().members.filter(({ user }) => props.keep?.(user) ?? true),
  )
  return (
    <>
      <div class="member-choice__search">
        <SearchField
          label={t().members.search}
          clearLabel={t().app.clear}
          value={query()}
          onInput={setQuery}
          busy={listed().status === 'busy'}
          maxLength={limits.searchQueryMax}
          autofocus={props.autofocus}
        />
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the role comes from outside */}
      {/* biome-ignore lint/a11y/useAriaPropsSupportedByRole: the role comes from outside */}
      <div
        class="member-choice__list"
        role={props.role}
        aria-label={props.label}
        onKeyDown={props.onKeyDown}
      >
        <Switch>
          <Match when={members().length > 0}>
            <Keyed each={members()} by={({ user }) => user.id}>
              {props.children}
            </Keyed>
            <Show when={listed().cursor !== null}>
              <div class="chat-list__note">
                <Button size="small" onClick={list.more}>
                  {t().group.more}
                </Button>
              </div>
            </Show>
          </Match>
          <Match when={listed().status === 'failed'}>
            <div class="chat-list__note" role="alert">
              <p>{t().members.loadFailed}</p>
              <Button onClick={list.refresh}>{t().app.retry}</Button>
            </div>
          </Match>
          <Match when={listed().status === 'done'}>
            <p class="chat-list__note">{t().members.none}</p>
          </Match>
          <Match when={true}>
            <ChatRowSkeletons />
          </Match>
        </Switch>
      </div>
    </>
  )
}
