import './MembersPanel.css'
import type { Chat, Member } from '@beseda/protocol/chats'
import { limits } from '@beseda/protocol/limits'
import { can } from '@beseda/protocol/permissions'
import Link from 'lucide-solid/icons/link'
import UserPlus from 'lucide-solid/icons/user-plus'
import { createEffect, createSignal, For, Match, on, Show, Switch } from 'solid-js'
import { presenceOf } from '../chats/face.ts'
import { useI18n } from '../i18n/i18n.tsx'
import { createNow } from '../i18n/now.ts'
import { useAttempt } from '../shell/attempt.ts'
import { fromStore, useClient } from '../shell/client.tsx'
import { Button } from '../ui/Button.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { SearchField } from '../ui/SearchField.tsx'
import { SidePanel } from '../ui/SidePanel.tsx'
import { Skeleton } from '../ui/Skeleton.tsx'
import { type Asked, MemberDialogs } from './MemberDialogs.tsx'
import { MemberRow } from './MemberRow.tsx'
import { MemberRows } from './MemberRows.tsx'
import type { MemberAction } from './member-actions.ts'
import { createMemberList } from './member-list.ts'

/** Who is in the group, who of them is here now, and what may be done about it. */
export function MembersPanel(props: {
  chat: Chat
  selfId: string
  onAdd: () => void
  onInvite: () => void
  onClose: () => void
}) {
  const { t } = useI18n()
  const client = useClient()
  const attempt = useAttempt()
  const now = createNow(60_000)
  const presence = fromStore(client.chats.presence)
  const event = fromStore(client.chats.memberEvent)
  const [query, setQuery] = createSignal('')
  const [asked, setAsked] = createSignal<Asked | null>(null)
  const list = createMemberList(client.rest, props.chat.id, () => query().trim())
  createEffect(
    on(event, (changed) => changed?.chatId === props.chat.id && list.refresh(), { defer: true }),
  )

  const members = () => list.listed().members
  const mayInvite = () => can(props.chat.self, props.chat, { do: 'invite' })
  const setRole = (member: Member, role: 'admin' | 'member') =>
    attempt(async () =>
      list.put(await client.rest.updateMember(props.chat.id, member.user.id, { role })),
    )
  const act = (action: MemberAction, member: Member) => {
    if (action === 'makeAdmin') void setRole(member, 'admin')
    else if (action === 'makeMember') void setRole(member, 'member')
    else setAsked({ action, member })
  }
  return (
    <SidePanel
      title={t().members.title}
      note={t().header.memberCount(props.chat.memberCount)}
      closeLabel={t().app.close}
      onClose={props.onClose}
      actions={
        <Show when={mayInvite()}>
          <IconButton label={t().group.addMembers} side="bottom" onClick={props.onAdd}>
            <UserPlus aria-hidden="true" />
          </IconButton>
          <IconButton label={t().invites.link} side="bottom" onClick={props.onInvite}>
            <Link aria-hidden="true" />
          </IconButton>
        </Show>
      }
    >
      <Show when={props.chat.description !== ''}>
        <p class="members-panel__description" dir="auto">
          {props.chat.description}
        </p>
      </Show>
      <div class="members-panel__search">
        <SearchField
          label={t().members.search}
          clearLabel={t().app.clear}
          value={query()}
          onInput={setQuery}
          maxLength={limits.searchQueryMax}
        />
      </div>
      <Switch>
        <Match when={members().length > 0}>
          <MemberRows members={members()} label={t().members.title} onNearEnd={list.more}>
            {(member) => (
              <MemberRow
                chat={props.chat}
                member={member()}
                selfId={props.selfId}
                status={presenceOf(presence(), member().user).status}
                now={now()}
                onAction={act}
              />
            )}
          </MemberRows>
        </Match>
        <Match when={list.listed().status === 'failed'}>
          <div class="chat-list__note" role="alert">
            <p>{t().members.loadFailed}</p>
            <Button onClick={list.refresh}>{t().app.retry}</Button>
          </div>
        </Match>
        <Match when={list.listed().status === 'done'}>
          <p class="chat-list__note">{t().members.none}</p>
        </Match>
        <Match when={true}>
          <MemberSkeletons />
        </Match>
      </Switch>
      <MemberDialogs
        chat={props.chat}
        asked={asked()}
        onClose={() => setAsked(null)}
        onChanged={list.put}
      />
    </SidePanel>
  )
}

function MemberSkeletons() {
  return (
    <For each={[1, 2, 3, 4]}>
      {() => (
        <div class="members-panel__skeleton">
          <Skeleton round width="36px" height="36px" />
          <Skeleton width="60%" />
        </div>
      )}
    </For>
  )
}
