import type { Chat } from '@beseda/protocol/chats'
import { Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { ChatAvatar } from './ChatRow.tsx'
import { chatName } from './face.ts'

/** A group as those see it who may not change it. */
export function GroupAbout(props: { chat: Chat }) {
  const { t } = useI18n()
  return (
    <div class="group-about">
      <ChatAvatar chat={props.chat} size="xl" />
      <p class="group-about__name" dir="auto">
        {chatName(props.chat)}
      </p>
      <p class="group-about__count">{t().header.memberCount(props.chat.memberCount)}</p>
      <Show when={props.chat.description !== ''}>
        <p class="group-about__description" dir="auto">
          {props.chat.description}
        </p>
      </Show>
    </div>
  )
}
