import './MenuModal.css'
import type { UpdateMeBody, User } from '@beseda/protocol/users'
import AudioLines from 'lucide-solid/icons/audio-lines'
import KeyRound from 'lucide-solid/icons/key-round'
import MessageCirclePlus from 'lucide-solid/icons/message-circle-plus'
import ShieldCheck from 'lucide-solid/icons/shield-check'
import { createSignal, Show } from 'solid-js'
import { useCalls } from '../calls/context.tsx'
import { userFace } from '../chats/face.ts'
import { useI18n } from '../i18n/i18n.tsx'
import { LanguageSwitch } from '../i18n/LanguageSwitch.tsx'
import { NotificationSettings } from '../notifications/NotificationSettings.tsx'
import type { NotificationSettings as Settings } from '../notifications/settings.ts'
import { useClient } from '../shell/client.tsx'
import { useFeedback } from '../shell/feedback.ts'
import { useSelf } from '../shell/self.ts'
import { uploadPicture } from '../shell/upload.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { Button } from '../ui/Button.tsx'
import { Modal } from '../ui/Modal.tsx'
import { PicturePicker } from '../ui/PicturePicker.tsx'
import { LogOutButton } from './LogOutButton.tsx'
import { NameForm } from './NameForm.tsx'
import { StatusChoice } from './StatusChoice.tsx'

/** One's own profile, and the way to a new group and out. */
export function MenuModal(props: {
  open: boolean
  settings: Settings
  onClose: () => void
  onCreateGroup: () => void
  onSecurity: () => void
  /** Of those who administer the server. */
  onAdministration: (() => void) | undefined
}) {
  const { t } = useI18n()
  const self = useSelf()
  return (
    <Modal
      open={props.open}
      onClose={props.onClose}
      title={t().profile.title}
      closeLabel={t().app.close}
      size="small"
    >
      <Show when={self()}>
        {(user) => (
          <Menu
            user={user()}
            settings={props.settings}
            onClose={props.onClose}
            onCreateGroup={props.onCreateGroup}
            onSecurity={props.onSecurity}
            onAdministration={props.onAdministration}
          />
        )}
      </Show>
    </Modal>
  )
}

function Menu(props: {
  user: User
  settings: Settings
  onClose: () => void
  onCreateGroup: () => void
  onSecurity: () => void
  /** Of those who administer the server. */
  onAdministration: (() => void) | undefined
}) {
  const { t } = useI18n()
  const client = useClient()
  const calls = useCalls()
  const feedback = useFeedback()
  const [uploading, setUploading] = createSignal(false)

  const update = async (body: UpdateMeBody): Promise<boolean> => {
    try {
      await client.session.updateMe(body)
      return true
    } catch (error) {
      feedback.failed(error)
      return false
    }
  }
  const changePicture = async (file: File) => {
    setUploading(true)
    try {
      await client.session.updateMe({ avatarId: await uploadPicture(client.rest, file) })
    } catch (error) {
      feedback.failed(error)
    } finally {
      setUploading(false)
    }
  }
  const openVoiceSettings = () => {
    props.onClose()
    calls.showSettings(true)
  }

  return (
    <div class="menu-modal">
      <div class="menu-modal__face">
        <PicturePicker label={t().profile.changeAvatar} busy={uploading()} onPick={changePicture}>
          <Avatar {...userFace(props.user)} size="xl" />
        </PicturePicker>
        <span class="menu-modal__username">@{props.user.username}</span>
      </div>
      <NameForm name={props.user.displayName} onSave={(displayName) => update({ displayName })} />
      <section class="menu-modal__part">
        <h3>{t().profile.status}</h3>
        <StatusChoice status={props.user.status} onChange={(status) => void update({ status })} />
      </section>
      <section class="menu-modal__part">
        <h3>{t().profile.notifications}</h3>
        <NotificationSettings settings={props.settings} />
      </section>
      <section class="menu-modal__part">
        <h3>{t().profile.language}</h3>
        <LanguageSwitch />
      </section>
      <div class="menu-modal__actions">
        <Button wide icon={<AudioLines aria-hidden="true" />} onClick={openVoiceSettings}>
          {t().calls.settings.title}
        </Button>
        <Button wide icon={<KeyRound aria-hidden="true" />} onClick={props.onSecurity}>
          {t().devices.title}
        </Button>
        <Show when={props.onAdministration}>
          {(open) => (
            <Button wide icon={<ShieldCheck aria-hidden="true" />} onClick={open()}>
              {t().administration.title}
            </Button>
          )}
        </Show>
        <Button
          look="primary"
          wide
          icon={<MessageCirclePlus aria-hidden="true" />}
          onClick={props.onCreateGroup}
        >
          {t().chats.createGroup}
        </Button>
        <LogOutButton />
      </div>
    </div>
  )
}
