import Paperclip from 'lucide-solid/icons/paperclip'
import { useI18n } from '../i18n/i18n.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { plainFiles } from './picked.ts'
import type { Picked } from './trays.ts'

/** Opens the file dialog, for several files at once. */
export function AttachButton(props: { onPick: (picked: Picked[]) => void }) {
  const { t } = useI18n()
  let input: HTMLInputElement | undefined
  const pick = (event: Event & { currentTarget: HTMLInputElement }) => {
    const picked = plainFiles(event.currentTarget.files ?? [])
    // So that the same file can be picked again.
    event.currentTarget.value = ''
    if (picked.length > 0) props.onPick(picked)
  }
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t().attachments.attach}
        onChange={pick}
      />
      <IconButton label={t().attachments.attach} onClick={() => input?.click()}>
        <Paperclip aria-hidden="true" />
      </IconButton>
    </>
  )
}
