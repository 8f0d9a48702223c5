import './InvitePage.css'
import type { InvitePreview } from '@beseda/protocol/invites'
import { Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { Avatar } from '../ui/Avatar.tsx'
import { invitePictureUrl } from './invite-text.ts'

/** Who invites where: the group's name, what it is about, how many are in it. */
export function InviteFace(props: { invite: InvitePreview }) {
  const { t } = useI18n()
  const chat = () => props.invite.chat
  return (
    <header class="invite-face">
      <Avatar
        id={props.invite.code}
        name={chat().name}
        src={invitePictureUrl(props.invite)}
        size="l"
      />
      <p class="invite-face__by">
        {t().invites.invitesYou(props.invite.invitedBy)}{' '}
        {chat().type === 'channel' ? t().invites.toChannel : t().invites.toGroup}
      </p>
      <h1 class="invite-face__name" dir="auto">
        {chat().name}
      </h1>
      <p class="invite-face__count">{t().header.memberCount(chat().memberCount)}</p>
      <Show when={chat().description !== ''}>
        <p class="invite-face__description" dir="auto">
          {chat().description}
        </p>
      </Show>
    </header>
  )
}
