import type { Chat, Member } from '@beseda/protocol/chats'
import { can, type Permission } from '@beseda/protocol/permissions'
import { createSignal, For } from 'solid-js'
import { UserRow } from '../chats/UserRow.tsx'
import { useI18n } from '../i18n/i18n.tsx'
import { useAttempt } from '../shell/attempt.ts'
import { useClient } from '../shell/client.tsx'
import { Modal } from '../ui/Modal.tsx'
import { Switch } from '../ui/Switch.tsx'

const permissions: Permission[] = [
  'canAddMembers',
  'canRemoveMembers',
  'canEditInfo',
  'canStartCall',
]

/** What one member may do beyond the role; each switch is saved at once. */
export function PermissionsModal(props: {
  chat: Chat
  member: Member
  onClose: () => void
  onChanged: (member: Member) => void
}) {
  const { t } = useI18n()
  const { rest } = useClient()
  const attempt = useAttempt()
  const [member, setMember] = createSignal(props.member)
  // In a channel calls are started by those who lead it, whatever the switch says.
  const shown = () =>
    permissions.filter((one) => props.chat.type !== 'channel' || one !== 'canStartCall')
  const isAllowed = (permission: Permission) =>
    can(props.chat.self, props.chat, {
      do: 'changePermissions',
      target: member().role,
      changed: [permission],
    })
  const change = (permission: Permission, allowed: boolean) =>
    attempt(async () => {
      const body = { permissions: { [permission]: allowed } }
      setMember(await rest.updateMember(props.chat.id, member().user.id, body))
      props.onChanged(member())
    })
  return (
    <Modal
      open
      size="small"
      title={t().members.permissions}
      closeLabel={t().app.close}
      onClose={props.onClose}
    >
      <div class="permissions">
        <UserRow user={member().user} status={member().user.status} size="s" />
        <For each={shown()}>
          {(permission) => (
            <Switch
              label={t().members.may[permission]}
              checked={member().permissions[permission]}
              disabled={!isAllowed(permission)}
              onChange={(allowed) => change(permission, allowed)}
            />
          )}
        </For>
      </div>
    </Modal>
  )
}
