import './GroupSettings.css'
import type { Chat, UpdateChatBody } from '@beseda/protocol/chats'
import { can } from '@beseda/protocol/permissions'
import LogOut from 'lucide-solid/icons/log-out'
import Trash from 'lucide-solid/icons/trash'
import { Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { useAttempt } from '../shell/attempt.ts'
import { useClient } from '../shell/client.tsx'
import { Button } from '../ui/Button.tsx'
import { Modal } from '../ui/Modal.tsx'
import { Switch } from '../ui/Switch.tsx'
import { GroupAbout } from './GroupAbout.tsx'
import { GroupInfoForm } from './GroupInfoForm.tsx'
import { KeepingNote } from './KeepingNote.tsx'

/** What a group is, who speaks in its calls, whether it notifies, and the way out of it. */
export function GroupSettings(props: {
  chat: Chat
  onLeave: () => void
  onDelete: () => void
  onClose: () => void
}) {
  const { t } = useI18n()
  const client = useClient()
  const attempt = useAttempt()
  const may = (what: 'editInfo' | 'editCallSettings' | 'deleteChat') =>
    can(props.chat.self, props.chat, { do: what })
  const update = (body: UpdateChatBody) =>
    attempt(() => client.rest.updateChat(props.chat.id, body))
  return (
    <Modal
      open
      title={may('editInfo') ? t().group.settings : t().group.about}
      closeLabel={t().app.close}
      onClose={props.onClose}
    >
      <div class="group-settings">
        <Show when={may('editInfo')} fallback={<GroupAbout chat={props.chat} />}>
          <GroupInfoForm chat={props.chat} onSave={update} />
        </Show>
        <section class="group-settings__part">
          <h3>{t().group.notifications}</h3>
          <Switch
            label={t().group.muted}
            note={t().group.mutedNote}
            checked={props.chat.self.muted}
            onChange={(muted) => attempt(() => client.chats.mute(props.chat.id, muted))}
          />
        </section>
        {/* In a channel members never speak, whatever the settings say. */}
        <Show when={may('editCallSettings') && props.chat.type === 'group'}>
          <section class="group-settings__part">
            <h3>{t().group.callSettings}</h3>
            <Switch
              label={t().group.muteAll}
              note={t().group.muteAllNote}
              checked={props.chat.callSettings.muteAll}
              onChange={(muteAll) => update({ callSettings: { muteAll } })}
            />
            <Switch
              label={t().group.onlyAdminsCanSpeak}
              note={t().group.onlyAdminsCanSpeakNote}
              checked={props.chat.callSettings.onlyAdminsCanSpeak}
              onChange={(onlyAdminsCanSpeak) => update({ callSettings: { onlyAdminsCanSpeak } })}
            />
          </section>
        </Show>
        <KeepingNote />
        <div class="group-settings__part">
          <Button wide icon={<LogOut aria-hidden="true" />} onClick={props.onLeave}>
            {t().group.leave}
          </Button>
          <Show when={may('deleteChat')}>
            <Button wide look="danger" icon={<Trash aria-hidden="true" />} onClick={props.onDelete}>
              {t().group.delete}
            </Button>
          </Show>
        </div>
      </div>
    </Modal>
  )
}
