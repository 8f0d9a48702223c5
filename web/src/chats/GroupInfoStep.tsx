import { limits } from '@beseda/protocol/limits'
import { Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { Avatar } from '../ui/Avatar.tsx'
import { Button } from '../ui/Button.tsx'
import { PicturePicker } from '../ui/PicturePicker.tsx'
import { Segmented } from '../ui/Segmented.tsx'
import { TextField } from '../ui/TextField.tsx'

/** What a new group or channel begins with. */
export type GroupInfo = { type: 'group' | 'channel'; name: string; description: string }

/** What the group is called, what it is about, how it looks. */
export function GroupInfoStep(props: {
  formId: string
  info: GroupInfo
  picture: string | null
  onInfo: (change: Partial<GroupInfo>) => void
  onPicture: (file: File | null) => void
  onNext: () => void
}) {
  const { t } = useI18n()
  return (
    <form
      id={props.formId}
      class="create-group"
      onSubmit={(event) => {
        event.preventDefault()
        props.onNext()
      }}
    >
      <div class="create-group__type">
        <Segmented
          label={t().group.type}
          value={props.info.type}
          segments={[
            { value: 'group', label: t().group.typeGroup },
            { value: 'channel', label: t().group.typeChannel },
          ]}
          onChange={(type) => props.onInfo({ type })}
        />
        <p>{props.info.type === 'channel' ? t().group.typeChannelHint : t().group.typeGroupHint}</p>
      </div>
      <div class="create-group__picture">
        <PicturePicker
          label={props.picture ? t().group.changeAvatar : t().group.avatar}
          onPick={props.onPicture}
        >
          <Show when={props.picture}>
            {(src) => <Avatar id="new" name={props.info.name} src={src()} size="xl" />}
          </Show>
        </PicturePicker>
        <Show when={props.picture}>
          <Button size="small" onClick={() => props.onPicture(null)}>
            {t().group.removeAvatar}
          </Button>
        </Show>
      </div>
      <TextField
        label={t().group.name}
        value={props.info.name}
        onInput={(name) => props.onInfo({ name })}
        maxLength={limits.chatNameMax}
        required
        autofocus
      />
      <TextField
        label={t().group.description}
        value={props.info.description}
        onInput={(description) => props.onInfo({ description })}
        maxLength={limits.chatDescriptionMax}
        rows={3}
      />
    </form>
  )
}
