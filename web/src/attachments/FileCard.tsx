import type { StoredFile } from '@beseda/protocol/files'
import Download from 'lucide-solid/icons/download'
import { Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { FileIcon } from './FileIcon.tsx'
import { FileName } from './FileName.tsx'
import { sizeText } from './file-name.ts'
import { downloadUrl } from './file-url.ts'

/** Any file: what it is called, how large it is; a click saves it. */
export function FileCard(props: {
  file: StoredFile
  /** As the line under a player. */
  slim?: boolean | undefined
  /** Could not be played, as when it is gone. */
  unavailable?: boolean | undefined
}) {
  const { t, language } = useI18n()
  return (
    <a
      class="file-card"
      classList={{ 'file-card--slim': props.slim }}
      href={downloadUrl(props.file.id)}
      download={props.file.name}
      aria-label={`${t().attachments.download(props.file.name)}, ${sizeText(props.file.size, language())}`}
    >
      <Show when={!props.slim}>
        <span class="file-card__icon">
          <FileIcon kind={props.file.kind} name={props.file.name} />
        </span>
      </Show>
      <span class="file-card__text">
        <FileName name={props.file.name} />
        <span class="file-card__size">
          {props.unavailable ? t().attachments.unavailable : sizeText(props.file.size, language())}
        </span>
      </span>
      <Download class="file-card__save" aria-hidden="true" />
    </a>
  )
}
