import './CreateGroupModal.css'
import { limits } from '@beseda/protocol/limits'
import type { User } from '@beseda/protocol/users'
import ArrowLeft from 'lucide-solid/icons/arrow-left'
import { createResource, createSignal, onCleanup, Show } from 'solid-js'
import { createStore } from 'solid-js/store'
import { useI18n } from '../i18n/i18n.tsx'
import { useClient } from '../shell/client.tsx'
import { useFeedback } from '../shell/feedback.ts'
import { settled } from '../shell/settled.ts'
import { uploadPicture } from '../shell/upload.ts'
import { Button } from '../ui/Button.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Modal } from '../ui/Modal.tsx'
import { type GroupInfo, GroupInfoStep } from './GroupInfoStep.tsx'
import { GroupMembersStep } from './GroupMembersStep.tsx'

const formId = 'create-group-info'

/** A new group in two steps: what it is called, then who is in it. */
export function CreateGroupModal(props: {
  onClose: () => void
  onCreated: (chatId: string) => void
}) {
  const { t } = useI18n()
  const client = useClient()
  const feedback = useFeedback()
  const [step, setStep] = createSignal<1 | 2>(1)
  const [busy, setBusy] = createSignal(false)
  const [info, setInfo] = createStore<GroupInfo>({ type: 'group', name: '', description: '' })
  const [selected, setSelected] = createSignal<User[]>([])
  const picture = createPicture()
  const [config] = createResource(() => client.rest.config())

  const max = () =>
    (info.type === 'channel'
      ? (settled(config)?.channelMembersMax ?? limits.channelMembersMax)
      : (settled(config)?.groupMembersMax ?? limits.groupMembersMax)) - 1

  const create = async () => {
    setBusy(true)
    try {
      const file = picture.file()
      const avatarId = file ? await uploadPicture(client.rest, file) : null
      const chat = await client.chats.create({
        type: info.type,
        name: info.name.trim(),
        description: info.description.trim(),
        avatarId,
        memberIds: selected().map((user) => user.id),
      })
      props.onCreated(chat.id)
    } catch (error) {
      feedback.failed(error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <Modal
      open
      onClose={props.onClose}
      title={step() === 1 ? t().group.title : t().group.addMembers}
      closeLabel={t().app.close}
      footer={
        <Show
          when={step() === 1}
          fallback={
            <>
              <span class="create-group__count" role="status">
                {t().group.selected(selected().length)}
              </span>
              <Button
                look="primary"
                busy={busy()}
                disabled={selected().length > max()}
                onClick={create}
              >
                {t().group.create}
              </Button>
            </>
          }
        >
          <Button type="submit" form={formId} look="primary" disabled={info.name.trim() === ''}>
            {t().group.next}
          </Button>
        </Show>
      }
      start={
        <Show when={step() === 2}>
          <IconButton label={t().app.back} side="bottom" onClick={() => setStep(1)}>
            <ArrowLeft aria-hidden="true" />
          </IconButton>
        </Show>
      }
    >
      <Show
        when={step() === 1}
        fallback={<GroupMembersStep selected={selected()} onSelect={setSelected} max={max()} />}
      >
        <GroupInfoStep
          formId={formId}
          info={info}
          picture={picture.url()}
          onInfo={setInfo}
          onPicture={picture.set}
          onNext={() => info.name.trim() !== '' && setStep(2)}
        />
      </Show>
    </Modal>
  )
}

/** A picture that was chosen and not yet uploaded, with an address to show it at. */
function createPicture() {
  const [chosen, setChosen] = createSignal<{ file: File; url: string } | null>(null)
  const release = () => URL.revokeObjectURL(chosen()?.url ?? '')
  onCleanup(release)
  return {
    file: () => chosen()?.file ?? null,
    url: () => chosen()?.url ?? null,
    set(file: File | null) {
      release()
      setChosen(file && { file, url: URL.createObjectURL(file) })
    },
  }
}
