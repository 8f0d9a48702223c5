import type { Chat, Member } from '@beseda/protocol/chats'
import type { Status } from '@beseda/protocol/users'
import Crown from 'lucide-solid/icons/crown'
import EllipsisVertical from 'lucide-solid/icons/ellipsis-vertical'
import ShieldCheck from 'lucide-solid/icons/shield-check'
import ShieldMinus from 'lucide-solid/icons/shield-minus'
import SlidersHorizontal from 'lucide-solid/icons/sliders-horizontal'
import UserMinus from 'lucide-solid/icons/user-minus'
import { Show } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import { userFace } from '../chats/face.ts'
import { useI18n } from '../i18n/i18n.tsx'
import { Avatar } from '../ui/Avatar.tsx'
import { Menu } from '../ui/Menu.tsx'
import { type MemberAction, memberActions } from './member-actions.ts'

const icons = {
  makeAdmin: ShieldCheck,
  makeMember: ShieldMinus,
  permissions: SlidersHorizontal,
  handOver: Crown,
  remove: UserMinus,
}

/** One member: who, in what role, here or not, since when and by whom; and what may be done. */
export function MemberRow(props: {
  chat: Chat
  member: Member
  selfId: string
  status: Status
  now: Date
  onAction: (action: MemberAction, member: Member) => void
}) {
  const { t, times } = useI18n()
  const user = () => props.member.user
  const entries = () => {
    const { chat, selfId, member, onAction } = props
    return memberActions(chat, selfId, member).map((action) => ({
      label: t().members[action],
      icon: <Dynamic component={icons[action]} aria-hidden="true" />,
      danger: action === 'remove',
      onSelect: () => onAction(action, member),
    }))
  }
  const origin = () => {
    const { addedBy, joinedAt } = props.member
    const when = times().date(joinedAt, props.now)
    return addedBy && addedBy.id !== user().id
      ? t().members.addedBy(addedBy.displayName, when)
      : t().members.since(when)
  }
  return (
    <>
      <Avatar
        {...userFace(user())}
        size="s"
        status={props.status}
        statusLabel={t().presence[props.status]}
      />
      <span class="member-row">
        <span class="member-row__line">
          <span class="member-row__name" dir="auto">
            {user().displayName}
          </span>
          <RoleMark role={props.member.role} />
        </span>
        <span class="member-row__note">
          {t().presence[props.status]}
          <Show when={user().id === props.selfId}> · {t().members.you}</Show>
        </span>
        <span class="member-row__note member-row__origin" title={origin()}>
          {origin()}
        </span>
      </span>
      <Show when={entries().length > 0}>
        <Menu
          label={t().members.actions(user().displayName)}
          icon={<EllipsisVertical aria-hidden="true" />}
          entries={entries()}
        />
      </Show>
    </>
  )
}

function RoleMark(props: { role: Member['role'] }) {
  const { t } = useI18n()
  return (
    <Show when={props.role !== 'member'}>
      <span class="members-panel__role">
        {props.role === 'owner' ? t().members.owner : t().members.admin}
      </span>
    </Show>
  )
}
