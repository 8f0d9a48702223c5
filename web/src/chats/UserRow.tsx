import './UserRow.css'
import type { Status, User } from '@beseda/protocol/users'
import type { JSX } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { Avatar } from '../ui/Avatar.tsx'
import { userFace } from './face.ts'

/** A person in a list: face, name, username, and whatever stands at the end. */
export function UserRow(props: {
  user: User
  status: Status
  size?: 's' | 'm' | undefined
  note?: string | undefined
  children?: JSX.Element | undefined
}) {
  const { t } = useI18n()
  return (
    <span class="user-row">
      <Avatar
        {...userFace(props.user)}
        size={props.size ?? 'm'}
        status={props.status}
        statusLabel={t().presence[props.status]}
      />
      <span class="user-row__text">
        <span class="user-row__name" dir="auto">
          {props.user.displayName}
        </span>
        <span class="user-row__note">{props.note ?? `@${props.user.username}`}</span>
      </span>
      {props.children}
    </span>
  )
}
