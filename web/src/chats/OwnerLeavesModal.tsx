import './OwnerLeavesModal.css'
import type { Chat } from '@beseda/protocol/chats'
import type { User } from '@beseda/protocol/users'
import Trash from 'lucide-solid/icons/trash'
import { createSignal, createUniqueId, Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { MemberChoice } from '../members/MemberChoice.tsx'
import { useAttempt } from '../shell/attempt.ts'
import { useClient } from '../shell/client.tsx'
import { Button } from '../ui/Button.tsx'
import { CheckRow } from '../ui/CheckRow.tsx'
import { Modal } from '../ui/Modal.tsx'
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
  const name = createUniqueId()
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
        <div class="owner-leaves">
          <MemberChoice
            chatId={props.chat.id}
            role="radiogroup"
            label={t().group.newOwner}
            keep={(user) => user.id !== props.selfId}
          >
            {(member) => (
              <CheckRow
                label={`${member().user.displayName} (@${member().user.username})`}
                oneOf={name}
                checked={heir()?.id === member().user.id}
                onChange={() => setHeir(member().user)}
              >
                <UserRow user={member().user} status={member().user.status} size="s" />
              </CheckRow>
            )}
          </MemberChoice>
        </div>
      </Show>
    </Modal>
  )
}
