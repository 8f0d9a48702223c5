import './Tray.css'
import { limits } from '@beseda/protocol/limits'
import RotateCw from 'lucide-solid/icons/rotate-cw'
import X from 'lucide-solid/icons/x'
import { createEffect, createSignal, Match, onCleanup, Show, Switch } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Keyed } from '../ui/Keyed.tsx'
import { useAttachments } from './context.tsx'
import { hasFailed, sentPart, type Upload } from './desk.ts'
import { FileIcon } from './FileIcon.tsx'
import { FileName } from './FileName.tsx'
import { sizeText } from './file-name.ts'
import { ProgressBar } from './ProgressBar.tsx'
import { mayPass, problemText } from './problem.ts'

/** How long a file that was taken out can be put back, in milliseconds. */
const undoMs = 6_000

/** The files of the message that is being written. */
export function Tray(props: {
  chatId: string
  uploads: Upload[]
  /** Not all that was picked found room. */
  leftOut: boolean
  onEmptied: () => void
}) {
  const { t } = useI18n()
  const { trays } = useAttachments()
  const [removed, setRemoved] = createSignal<{ name: string; putBack: () => void } | null>(null)
  let list: HTMLUListElement | undefined

  const remove = ({ id, name }: Upload) => {
    const at = props.uploads.findIndex((upload) => upload.id === id)
    setRemoved({ name, putBack: trays.remove(props.chatId, id) })
    // The button that had the focus is gone with its file.
    const next = list?.children[Math.min(at, props.uploads.length - 1)]
    const button = next?.querySelector<HTMLElement>('.tray__remove button')
    if (button) button.focus()
    else props.onEmptied()
  }
  const putBack = () => {
    removed()?.putBack()
    setRemoved(null)
    props.onEmptied()
  }
  createEffect(() => {
    if (!removed()) return
    const timer = setTimeout(() => setRemoved(null), undoMs)
    onCleanup(() => clearTimeout(timer))
  })
  return (
    <Show when={props.uploads.length > 0 || removed()}>
      <section class="tray" aria-label={t().attachments.tray}>
        <ul class="tray__list" ref={list}>
          <Keyed each={props.uploads} by={({ id }) => id}>
            {(upload) => <TrayFile upload={upload()} onRemove={() => remove(upload())} />}
          </Keyed>
        </ul>
        <Show when={removed()}>
          {(file) => (
            <p class="tray__note tray__note--removed" role="status">
              <bdi>{t().attachments.removed(file().name)}</bdi>
              <button type="button" onClick={putBack}>
                {t().messages.undone}
              </button>
            </p>
          )}
        </Show>
        <Show when={props.leftOut && props.uploads.length === limits.attachmentsMax}>
          <p class="tray__note" role="alert">
            {t().attachments.tooMany(limits.attachmentsMax)}
          </p>
        </Show>
        <Show when={hasFailed(props.uploads)}>
          <p class="tray__note">{t().attachments.fix}</p>
        </Show>
      </section>
    </Show>
  )
}

function TrayFile(props: { upload: Upload; onRemove: () => void }) {
  const { t, language } = useI18n()
  const { trays, maxBytes } = useAttachments()
  const problem = () => (props.upload.state.is === 'failed' ? props.upload.state.problem : null)
  const isMoving = () => ['queued', 'uploading'].includes(props.upload.state.is)
  const size = (bytes: number) => sizeText(bytes, language())
  let row: HTMLLIElement | undefined
  // It may lie beyond the edge of the list.
  createEffect(() => problem() && row?.scrollIntoView({ block: 'nearest', inline: 'nearest' }))
  return (
    <li ref={row} class="tray__file" data-state={props.upload.state.is}>
      <span class="tray__picture">
        <Show
          when={props.upload.preview}
          fallback={<FileIcon kind={props.upload.kind} name={props.upload.name} />}
        >
          {(preview) => <img src={preview()} alt="" decoding="async" draggable={false} />}
        </Show>
      </span>
      <span class="tray__text">
        <FileName name={props.upload.name} />
        <Switch fallback={<span class="tray__size">{size(props.upload.size)}</span>}>
          <Match when={problem()}>
            {(why) => (
              <span class="tray__problem" role="alert">
                {problemText(t(), why(), size(maxBytes() ?? 0))}
              </span>
            )}
          </Match>
        </Switch>
        <Show when={isMoving()}>
          <ProgressBar
            label={t().attachments.uploading(props.upload.name)}
            part={sentPart([props.upload])}
          />
        </Show>
      </span>
      <Show when={problem()}>
        {(why) => (
          <Show when={mayPass(why())}>
            <IconButton
              label={t().attachments.retry(props.upload.name)}
              size="small"
              onClick={() => trays.retry(props.upload.id)}
            >
              <RotateCw aria-hidden="true" />
            </IconButton>
          </Show>
        )}
      </Show>
      <span class="tray__remove">
        <IconButton
          label={t().attachments.remove(props.upload.name)}
          size="small"
          onClick={props.onRemove}
        >
          <X aria-hidden="true" />
        </IconButton>
      </span>
    </li>
  )
}
