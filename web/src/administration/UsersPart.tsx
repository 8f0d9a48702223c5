import type { AdminUser, MadeLink } from '@beseda/protocol/administration'
import { limits } from '@beseda/protocol/limits'
import type { AccountRole } from '@beseda/protocol/permissions'
import EllipsisVertical from 'lucide-solid/icons/ellipsis-vertical'
import KeyRound from 'lucide-solid/icons/key-round'
import MonitorSmartphone from 'lucide-solid/icons/monitor-smartphone'
import ShieldCheck from 'lucide-solid/icons/shield-check'
import ShieldMinus from 'lucide-solid/icons/shield-minus'
import UserCheck from 'lucide-solid/icons/user-check'
import UserX from 'lucide-solid/icons/user-x'
import { createEffect, createSignal, on, onCleanup, Show } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import { UserRow } from '../chats/UserRow.tsx'
import { useI18n } from '../i18n/i18n.tsx'
import { useAttempt } from '../shell/attempt.ts'
import { useClient } from '../shell/client.tsx'
import { createPaged } from '../shell/paged.ts'
import { useSelf } from '../shell/self.ts'
import { Confirm } from '../ui/Confirm.tsx'
import { Keyed } from '../ui/Keyed.tsx'
import { Menu } from '../ui/Menu.tsx'
import { SearchField } from '../ui/SearchField.tsx'
import { LinkModal } from './LinkModal.tsx'
import { PagedList } from './PagedList.tsx'
import { UserSessions } from './UserSessions.tsx'
import { type UserAction, userActions } from './user-actions.ts'

const typingPauseMs = 200

const icons = {
  sessions: MonitorSmartphone,
  resetLink: KeyRound,
  makeAdmin: ShieldCheck,
  makeMember: ShieldMinus,
  enable: UserCheck,
  disable: UserX,
}

/** All accounts, found by name, and what may be done to each. */
export function UsersPart(props: { role: AccountRole }) {
  const { t } = useI18n()
  const { rest } = useClient()
  const attempt = useAttempt()
  const self = useSelf()
  const [query, setQuery] = createSignal('')
  const [asked, setAsked] = createSignal<{ action: UserAction; user: AdminUser } | null>(null)
  const [link, setLink] = createSignal<MadeLink | null>(null)
  const list = createPaged((cursor) => {
    const q = query().trim()
    return rest.admin.users({ ...(q && { q }), ...(cursor && { cursor }) })
  })
  createEffect(
    on(query, (_, before) => {
      const timer = setTimeout(list.reload, before === undefined ? 0 : typingPauseMs)
      onCleanup(() => clearTimeout(timer))
    }),
  )

  const put = (user: AdminUser) =>
    list.change((items) => items.map((one) => (one.id === user.id ? user : one)))
  const update = (user: AdminUser, body: Parameters<typeof rest.admin.updateUser>[1]) =>
    attempt(async () => put(await rest.admin.updateUser(user.id, body)))
  const act = (action: UserAction, user: AdminUser) => {
    if (action === 'makeAdmin') void update(user, { serverRole: 'admin' })
    else if (action === 'makeMember') void update(user, { serverRole: 'member' })
    else if (action === 'enable') void update(user, { disabled: false })
    else setAsked({ action, user })
  }
  const askedFor = (action: UserAction) => {
    const now = asked()
    return now?.action === action ? now.user : undefined
  }
  const entries = (user: AdminUser) =>
    userActions(props.role, self()?.id ?? '', user).map((action) => ({
      label: t().administration.users[action],
      icon: <Dynamic component={icons[action]} aria-hidden="true" />,
      danger: action === 'disable',
      onSelect: () => act(action, user),
    }))
  const close = () => setAsked(null)

  return (
    <div class="admin__part">
      <SearchField
        label={t().administration.users.search}
        clearLabel={t().app.clear}
        value={query()}
        onInput={setQuery}
        maxLength={limits.searchQueryMax}
      />
      <PagedList source={list} none={t().administration.users.none}>
        <Keyed each={list.state().items} by={(user) => user.id}>
          {(user) => (
            <li class="admin__row" classList={{ 'admin__row--off': user().disabledAt !== null }}>
              <UserRow user={user()} status={user().status} />
              <Show when={user().serverRole !== 'member'}>
                <span class="admin__badge">{t().administration.roles[user().serverRole]}</span>
              </Show>
              <Show when={user().disabledAt}>
                <span class="admin__badge admin__badge--bad">
                  {t().administration.users.isDisabled}
                </span>
              </Show>
              <Show when={entries(user()).length > 0}>
                <Menu
                  label={t().members.actions(user().displayName)}
                  icon={<EllipsisVertical aria-hidden="true" />}
                  entries={entries(user())}
                />
              </Show>
            </li>
          )}
        </Keyed>
      </PagedList>
      <Show when={askedFor('disable')}>
        {(user) => (
          <Confirm
            danger
            title={t().administration.users.disableTitle(user().displayName)}
            text={t().administration.users.disableText}
            action={t().administration.users.disable}
            onConfirm={() => update(user(), { disabled: true })}
            onClose={close}
          />
        )}
      </Show>
      <Show when={askedFor('resetLink')}>
        {(user) => (
          <Confirm
            title={t().administration.users.resetTitle(user().displayName)}
            text={t().administration.users.resetText}
            action={t().administration.users.resetLink}
            onConfirm={() => attempt(async () => setLink(await rest.admin.resetLink(user().id)))}
            onClose={close}
          />
        )}
      </Show>
      <Show when={askedFor('sessions')}>
        {(user) => <UserSessions user={user()} onClose={close} />}
      </Show>
      <Show when={link()}>
        {(made) => <LinkModal link={made()} onClose={() => setLink(null)} />}
      </Show>
    </div>
  )
}
