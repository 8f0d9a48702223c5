import './OwnerLeavesModal.css'
import type { Chat } from '@beseda/protocol/chats'
import { limits } from '@beseda/protocol/limits'
import type { User } from '@beseda/protocol/users'
import Trash from 'lucide-solid/icons/trash'
import { createMemo, createSignal, createUniqueId, Match, Show, Switch } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { createMemberList } from '../members/member-list.ts'
import { useAttempt } from '../shell/attempt.ts'
import { useClient } from '../shell/client.tsx'
import { Button } from '../ui/Button.tsx'
import { CheckRow } from '../ui/CheckRow.tsx'
import { Keyed } from '../ui/Keyed.tsx'
import { Modal } from '../ui/Modal.tsx'
import { SearchField } from '../ui/SearchField.tsx'
import { ChatRowSkeletons } from './ChatRows.tsx'
import { UserRow } from './UserRow.tsx'

/** An owner who leaves hands the group over to another member, or deletes it. */
export function OwnerLeavesModal(props: {
  chat: Chat
  selfId: string
  onDelete: () => void
  onClose: () => void
}) {
  const { t } = useI18n()
  const { rest } = useClient()
  const attempt = useAttempt()
  const [heir, setHeir] = createSignal<User | null>(null)
  const [busy, setBusy] = createSignal(false)
  const isAlone = () => props.chat.memberCount <= 1

  const leave = async () => {
    const user = heir()
    if (!user) return
    setBusy(true)
    const done = await attempt(async () => {
      await rest.transferOwnership(props.chat.id, user.id)
      await rest.removeMember(props.chat.id, props.selfId)
    })
    setBusy(false)
    if (done) props.onClose()
  }
  return (
    <Modal
      open
      title={t().group.leaveTitle}
      description={isAlone() ? t().group.aloneLeaves : t().group.ownerLeaves}
      closeLabel={t().app.close}
      onClose={props.onClose}
      footer={
        <div class="owner-leaves__actions">
          <Button look="danger" icon={<Trash aria-hidden="true" />} onClick={props.onDelete}>
            {t().group.delete}
          </Button>
          <Show when={!isAlone()}>
            <Button look="primary" busy={busy()} disabled={!heir()} onClick={leave}>
              {t().group.handOverAndLeave}
            </Button>
          </Show>
        </div>
      }
    >
      <Show when={!isAlone()}>
        <Heirs {...props} heir={heir()} onChoose={setHeir} />
      </Show>
    </Modal>
  )
}

/** The other members, one of whom is chosen. */
function Heirs(props: {
  chat: Chat
  selfId: string
  heir: User | null
  onChoose: (user: User) => void
}) {
  const { t } = useI18n()
  const { rest } = useClient()
  const [query, setQuery] = createSignal('')
  const list = createMemberList(rest, props.chat.id, () => query().trim())
  const others = createMemo(() =>
    list.listed().members.filter(({ user }) => user.id !== props.selfId),
  )
  const name = createUniqueId()
  return (
    <div class="owner-leaves">
      <SearchField
        label={t().members.search}
        clearLabel={t().app.clear}
        value={query()}
        onInput={setQuery}
        busy={list.listed().status === 'busy'}
        maxLength={limits.searchQueryMax}
      />
      <div class="owner-leaves__list" role="radiogroup" aria-label={t().group.newOwner}>
        <Switch>
          <Match when={others().length > 0}>
            <Keyed each={others()} by={({ user }) => user.id}>
              {(member) => (
                <CheckRow
                  label={`${member().user.displayName} (@${member().user.username})`}
                  oneOf={name}
                  checked={props.heir?.id === member().user.id}
                  onChange={() => props.onChoose(member().user)}
                >
                  <UserRow user={member().user} status={member().user.status} size="s" />
                </CheckRow>
              )}
            </Keyed>
            <Show when={list.listed().cursor !== null}>
              <div class="chat-list__note">
                <Button size="small" onClick={list.more}>
                  {t().group.more}
                </Button>
              </div>
            </Show>
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
            <ChatRowSkeletons />
          </Match>
        </Switch>
      </div>
    </div>
  )
}
