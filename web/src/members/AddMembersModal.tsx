import type { Chat } from '@beseda/protocol/chats'
import { limits } from '@beseda/protocol/limits'
import type { User } from '@beseda/protocol/users'
import { createResource, createSignal } from 'solid-js'
import { GroupMembersStep } from '../chats/GroupMembersStep.tsx'
import { useI18n } from '../i18n/i18n.tsx'
import { useAttempt } from '../shell/attempt.ts'
import { useClient } from '../shell/client.tsx'
import { Button } from '../ui/Button.tsx'
import { Modal } from '../ui/Modal.tsx'

/** People to bring into a group that is there already. */
export function AddMembersModal(props: { chat: Chat; onClose: () => void }) {
  const { t } = useI18n()
  const client = useClient()
  const attempt = useAttempt()
  const [selected, setSelected] = createSignal<User[]>([])
  // Of a large group the first page is enough: whoever is in it already is not added twice.
  const [present] = createResource(async () => {
    const page = await client.rest.members(props.chat.id, { limit: limits.pageSizeMax })
    return new Set(page.items.map((member) => member.user.id))
  })
  const [busy, setBusy] = createSignal(false)
  const add = async () => {
    setBusy(true)
    const userIds = selected().map((user) => user.id)
    const done = await attempt(() => client.chats.addMembers(props.chat.id, { userIds }))
    setBusy(false)
    if (done) props.onClose()
  }
  return (
    <Modal
      open
      title={t().group.addMembers}
      closeLabel={t().app.close}
      onClose={props.onClose}
      footer={
        <>
          <span class="create-group__count" role="status">
            {t().group.selected(selected().length)}
          </span>
          <Button look="primary" busy={busy()} disabled={selected().length === 0} onClick={add}>
            {t().group.add}
          </Button>
        </>
      }
    >
      <GroupMembersStep
        selected={selected()}
        onSelect={setSelected}
        max={props.chat.maxMembers - props.chat.memberCount}
        except={present.error ? undefined : present()}
      />
    </Modal>
  )
}
