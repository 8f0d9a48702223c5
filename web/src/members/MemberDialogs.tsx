import type { Chat, Member } from '@beseda/protocol/chats'
import { Match, Switch } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { useAttempt } from '../shell/attempt.ts'
import { useClient } from '../shell/client.tsx'
import { useFeedback } from '../shell/feedback.ts'
import { Confirm } from '../ui/Confirm.tsx'
import type { MemberAction } from './member-actions.ts'
import { PermissionsModal } from './PermissionsModal.tsx'

/** A question about a member that waits for its answer. */
export type Asked = { action: MemberAction; member: Member }

/** The dialogs of a member's menu: permissions, handing over, removing. */
export function MemberDialogs(props: {
  chat: Chat
  asked: Asked | null
  onClose: () => void
  onChanged: (member: Member) => void
}) {
  const { t } = useI18n()
  const { rest } = useClient()
  const attempt = useAttempt()
  const feedback = useFeedback()
  const askedFor = (action: MemberAction) => (props.asked?.action === action ? props.asked : null)
  const remove = async ({ user }: Member) => {
    const done = await attempt(() => rest.removeMember(props.chat.id, user.id))
    if (done) feedback.done(t().members.removed(user.displayName))
    return done
  }
  return (
    <Switch>
      <Match when={askedFor('permissions')}>
        {(asked) => (
          <PermissionsModal
            chat={props.chat}
            member={asked().member}
            onClose={props.onClose}
            onChanged={props.onChanged}
          />
        )}
      </Match>
      <Match when={askedFor('handOver')}>
        {(asked) => (
          <Confirm
            title={t().members.handOverTitle}
            text={t().members.handOverText(asked().member.user.displayName)}
            action={t().members.handOver}
            onConfirm={() =>
              attempt(() => rest.transferOwnership(props.chat.id, asked().member.user.id))
            }
            onClose={props.onClose}
          />
        )}
      </Match>
      <Match when={askedFor('remove')}>
        {(asked) => (
          <Confirm
            danger
            title={t().members.removeTitle}
            text={t().members.removeText(asked().member.user.displayName)}
            action={t().members.remove}
            onConfirm={() => remove(asked().member)}
            onClose={props.onClose}
          />
        )}
      </Match>
    </Switch>
  )
}
