import type { Chat } from '@beseda/protocol/chats'
import { can } from '@beseda/protocol/permissions'
import { Match, Switch } from 'solid-js'
import CallHistory from '../calls/CallHistory.tsx'
import { useI18n } from '../i18n/i18n.tsx'
import { InviteModal } from '../invites/InviteModal.tsx'
import { AddMembersModal } from '../members/AddMembersModal.tsx'
import { useAttempt } from '../shell/attempt.ts'
import { useClient } from '../shell/client.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { GroupSettings } from './GroupSettings.tsx'
import { OwnerLeavesModal } from './OwnerLeavesModal.tsx'

export type ChatDialog = 'calls' | 'settings' | 'add' | 'invite' | 'leave' | 'handOver' | 'delete'

/** The dialog of a group that is open, if any; one that the reader may not use (any more) closes. */
export function ChatDialogs(props: {
  chat: Chat
  selfId: string
  open: ChatDialog | null
  onOpen: (dialog: ChatDialog | null) => void
}) {
  const { t } = useI18n()
  const { rest } = useClient()
  const attempt = useAttempt()
  const close = () => props.onOpen(null)
  const may = (what: 'invite' | 'leave' | 'deleteChat') =>
    can(props.chat.self, props.chat, { do: what })
  return (
    <Switch>
      <Match when={props.open === 'calls'}>
        <CallHistory chat={props.chat} selfId={props.selfId} onClose={close} />
      </Match>
      <Match when={props.open === 'settings'}>
        <GroupSettings
          chat={props.chat}
          onLeave={() => props.onOpen(may('leave') ? 'leave' : 'handOver')}
          onDelete={() => props.onOpen('delete')}
          onClose={close}
        />
      </Match>
      <Match when={props.open === 'add' && may('invite')}>
        <AddMembersModal chat={props.chat} onClose={close} />
      </Match>
      <Match when={props.open === 'invite' && may('invite')}>
        <InviteModal chat={props.chat} onClose={close} />
      </Match>
      <Match when={props.open === 'leave' && may('leave')}>
        <Confirm
          danger
          title={t().group.leaveTitle}
          text={t().group.leaveText}
          action={t().group.leave}
          onConfirm={() => attempt(() => rest.removeMember(props.chat.id, props.selfId))}
          onClose={close}
        />
      </Match>
      <Match when={props.open === 'handOver'}>
        <OwnerLeavesModal
          chat={props.chat}
          selfId={props.selfId}
          onDelete={() => props.onOpen('delete')}
          onClose={close}
        />
      </Match>
      <Match when={props.open === 'delete' && may('deleteChat')}>
        <Confirm
          danger
          title={t().group.deleteTitle}
          text={t().group.deleteText(props.chat.name ?? '')}
          action={t().group.delete}
          onConfirm={() => attempt(() => rest.deleteChat(props.chat.id))}
          onClose={close}
        />
      </Match>
    </Switch>
  )
}
