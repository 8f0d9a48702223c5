import './Lightbox.css'
import type { StoredFile } from '@beseda/protocol/files'
import { Dialog } from '@kobalte/core/dialog'
import ChevronLeft from 'lucide-solid/icons/chevron-left'
import ChevronRight from 'lucide-solid/icons/chevron-right'
import Download from 'lucide-solid/icons/download'
import ExternalLink from 'lucide-solid/icons/external-link'
import X from 'lucide-solid/icons/x'
import ZoomIn from 'lucide-solid/icons/zoom-in'
import ZoomOut from 'lucide-solid/icons/zoom-out'
import { createSignal, onCleanup, Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { FileName } from './FileName.tsx'
import { downloadUrl, fileUrl } from './file-url.ts'
import { LightboxPicture } from './LightboxPicture.tsx'

/** The pictures of one message, one at a time over the whole screen. */
export function Lightbox(props: { pictures: StoredFile[]; at: number; onClose: () => void }) {
  const { t } = useI18n()
  const [at, setAt] = createSignal(props.at)
  const [zoomed, setZoomed] = createSignal(false)
  const opener = document.activeElement
  let content: HTMLDivElement | undefined
  const count = () => props.pictures.length
  const picture = () => props.pictures[at()]
  const step = (by: number) => {
    const next = at() + by
    if (next < 0 || next >= count()) return
    setZoomed(false)
    setAt(next)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowLeft') step(-1)
    else if (event.key === 'ArrowRight') step(1)
    else return
    event.preventDefault()
  }
  // The element that opened it may be gone from the list by then.
  onCleanup(() => {
    if (opener instanceof HTMLElement && opener.isConnected) queueMicrotask(() => opener.focus())
  })

  return (
    <Dialog open onOpenChange={(open) => open || props.onClose()}>
      <Dialog.Portal>
        <Dialog.Content
          ref={content}
          class="lightbox"
          tabIndex={-1}
          onOpenAutoFocus={(event) => {
            event.preventDefault()
            content?.focus()
          }}
          onCloseAutoFocus={(event) => event.preventDefault()}
          onKeyDown={onKeyDown}
        >
          <Show when={picture()}>
            {(file) => (
              <>
                <header class="lightbox__bar">
                  <Dialog.Title class="hidden-visually">{t().attachments.viewer}</Dialog.Title>
                  <p class="lightbox__title" role="status">
                    <FileName name={file().name} />
                    <Show when={count() > 1}>
                      <span class="lightbox__position">
                        {t().attachments.position(at() + 1, count())}
                      </span>
                    </Show>
                  </p>
                  <IconButton
                    label={zoomed() ? t().attachments.fit : t().attachments.zoomIn}
                    side="bottom"
                    onClick={() => setZoomed(!zoomed())}
                  >
                    <Show when={zoomed()} fallback={<ZoomIn aria-hidden="true" />}>
                      <ZoomOut aria-hidden="true" />
                    </Show>
                  </IconButton>
                  <a
                    class="icon-button"
                    data-look="plain"
                    href={fileUrl(file().id)}
                    target="_blank"
                    rel="noopener noreferrer"
                    title={t().attachments.original}
                    aria-label={t().attachments.original}
                  >
                    <ExternalLink aria-hidden="true" />
                  </a>
                  <a
                    class="icon-button"
                    data-look="plain"
                    href={downloadUrl(file().id)}
                    download={file().name}
                    title={t().attachments.download(file().name)}
                    aria-label={t().attachments.download(file().name)}
                  >
                    <Download aria-hidden="true" />
                  </a>
                  <IconButton label={t().app.close} side="bottom" onClick={props.onClose}>
                    <X aria-hidden="true" />
                  </IconButton>
                </header>
                <LightboxPicture
                  file={file()}
                  zoomed={zoomed()}
                  onZoom={() => setZoomed(!zoomed())}
                  onStep={step}
                  onClose={props.onClose}
                />
                <Show when={at() > 0}>
                  <span class="lightbox__step lightbox__step--back">
                    <IconButton
                      label={t().attachments.previous}
                      look="raised"
                      onClick={() => step(-1)}
                    >
                      <ChevronLeft aria-hidden="true" />
                    </IconButton>
                  </span>
                </Show>
                <Show when={at() < count() - 1}>
                  <span class="lightbox__step lightbox__step--on">
                    <IconButton label={t().attachments.next} look="raised" onClick={() => step(1)}>
                      <ChevronRight aria-hidden="true" />
                    </IconButton>
                  </span>
                </Show>
              </>
            )}
          </Show>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog>
  )
}
