import './DropZone.css'
import { limits } from '@beseda/protocol/limits'
import Upload from 'lucide-solid/icons/upload'
import { createSignal, onCleanup, onMount, Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { useAttachments } from './context.tsx'
import { sizeText } from './file-name.ts'
import { bringsFiles, droppedFiles, meansFiles, plainFiles } from './picked.ts'
import type { Picked } from './trays.ts'

/** What takes text or a dialog's own files. */
const others = 'input, textarea, [contenteditable], [role="dialog"], [role="alertdialog"]'

/**
 * Takes files that are dropped anywhere on the chat around it, or pasted while
 * nothing else wants them.
 */
export function DropZone(props: {
  /** The text field in which pasting files is meant too. */
  field: () => HTMLElement | undefined
  onFiles: (picked: Picked[]) => void
}) {
  const { t, language } = useI18n()
  const { maxBytes } = useAttachments()
  const [over, setOver] = createSignal(false)
  let anchor: HTMLSpanElement | undefined
  const isInside = ({ target }: Event) =>
    target instanceof Node && (anchor?.parentElement?.contains(target) ?? false)

  const onDrag = (event: DragEvent) => {
    if (!bringsFiles(event.dataTransfer)) return
    setOver(isInside(event))
    if (!over()) return
    event.preventDefault()
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy'
  }
  const onDragLeave = (event: DragEvent) => {
    // Out of the window; from one element to another has a target.
    if (event.relatedTarget === null) setOver(false)
  }
  const onDrop = (event: DragEvent) => {
    setOver(false)
    if (!event.dataTransfer || !bringsFiles(event.dataTransfer) || !isInside(event)) return
    event.preventDefault()
    props.onFiles(droppedFiles(event.dataTransfer))
  }
  const onPaste = (event: ClipboardEvent) => {
    const { target, clipboardData } = event
    if (!clipboardData || !meansFiles(clipboardData)) return
    const elsewhere =
      target instanceof Element && target !== props.field() && target.closest(others)
    if (elsewhere) return
    event.preventDefault()
    props.onFiles(plainFiles(clipboardData.files))
  }
  onMount(() => {
    document.addEventListener('dragenter', onDrag)
    document.addEventListener('dragover', onDrag)
    document.addEventListener('dragleave', onDragLeave)
    document.addEventListener('drop', onDrop)
    document.addEventListener('paste', onPaste)
  })
  onCleanup(() => {
    document.removeEventListener('dragenter', onDrag)
    document.removeEventListener('dragover', onDrag)
    document.removeEventListener('dragleave', onDragLeave)
    document.removeEventListener('drop', onDrop)
    document.removeEventListener('paste', onPaste)
  })
  return (
    <>
      <span ref={anchor} hidden />
      <Show when={over()}>
        <div class="drop-zone" aria-hidden="true">
          <div class="drop-zone__card">
            <Upload />
            <strong>{t().attachments.drop}</strong>
            <Show when={maxBytes()}>
              {(most) => (
                <span>
                  {t().attachments.dropText(limits.attachmentsMax, sizeText(most(), language()))}
                </span>
              )}
            </Show>
          </div>
        </div>
      </Show>
    </>
  )
}
