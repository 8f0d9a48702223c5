import './CreateGroupModal.css'
import type { Chat, UpdateChatBody } from '@beseda/protocol/chats'
import { limits } from '@beseda/protocol/limits'
import { createSignal, Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { useAttempt } from '../shell/attempt.ts'
import { useClient } from '../shell/client.tsx'
import { useFeedback } from '../shell/feedback.ts'
import { uploadPicture } from '../shell/upload.ts'
import { Button } from '../ui/Button.tsx'
import { PicturePicker } from '../ui/PicturePicker.tsx'
import { TextField } from '../ui/TextField.tsx'
import { ChatAvatar } from './ChatRow.tsx'

/** Picture, name and description to change. What is not touched here follows the others' changes. */
export function GroupInfoForm(props: {
  chat: Chat
  onSave: (body: UpdateChatBody) => Promise<boolean>
}) {
  const { t } = useI18n()
  const { rest } = useClient()
  const attempt = useAttempt()
  const feedback = useFeedback()
  const [draft, setDraft] = createSignal<{ name?: string; description?: string }>({})
  const [busy, setBusy] = createSignal<'text' | 'picture' | null>(null)

  const name = () => draft().name ?? props.chat.name ?? ''
  const description = () => draft().description ?? props.chat.description
  const isChanged = () =>
    name().trim() !== '' &&
    (name().trim() !== props.chat.name || description().trim() !== props.chat.description)

  const save = async (event: SubmitEvent) => {
    event.preventDefault()
    if (!isChanged() || busy()) return
    setBusy('text')
    const saved = await props.onSave({
      ...(name().trim() !== props.chat.name && { name: name().trim() }),
      ...(description().trim() !== props.chat.description && { description: description().trim() }),
    })
    setBusy(null)
    if (!saved) return
    setDraft({})
    feedback.done(t().group.saved)
  }
  const setPicture = async (file: File | null) => {
    setBusy('picture')
    await attempt(async () => {
      const avatarId = file ? await uploadPicture(rest, file) : null
      await rest.updateChat(props.chat.id, { avatarId })
    })
    setBusy(null)
  }

  return (
    <form class="create-group" onSubmit={save}>
      <div class="create-group__picture">
        <PicturePicker
          label={props.chat.avatarId ? t().group.changeAvatar : t().group.avatar}
          busy={busy() === 'picture'}
          onPick={setPicture}
        >
          <ChatAvatar chat={props.chat} size="xl" />
        </PicturePicker>
        <Show when={props.chat.avatarId}>
          <Button size="small" onClick={() => void setPicture(null)}>
            {t().group.removeAvatar}
          </Button>
        </Show>
      </div>
      <TextField
        label={t().group.name}
        value={name()}
        onInput={(text) => setDraft((before) => ({ ...before, name: text }))}
        maxLength={limits.chatNameMax}
        required
      />
      <TextField
        label={t().group.description}
        value={description()}
        onInput={(text) => setDraft((before) => ({ ...before, description: text }))}
        maxLength={limits.chatDescriptionMax}
        rows={3}
      />
      <Show when={isChanged()}>
        <Button type="submit" look="primary" busy={busy() === 'text'}>
          {t().group.save}
        </Button>
      </Show>
    </form>
  )
}
