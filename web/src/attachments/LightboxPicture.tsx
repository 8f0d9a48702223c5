import type { StoredFile } from '@beseda/protocol/files'
import { createEffect, createSignal, type JSX, on, Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { fileUrl, thumbnailUrl } from './file-url.ts'
import { fitPicture } from './grid.ts'

/** A finger that moves this far to the side turns to the next picture, in CSS pixels. */
const swipePx = 60

/**
 * One picture: as large as the screen takes, or enlarged and moved about by
 * scrolling or dragging. Its small version stands in until it is loaded.
 */
export function LightboxPicture(props: {
  file: StoredFile
  zoomed: boolean
  onZoom: () => void
  onStep: (by: number) => void
  onClose: () => void
}) {
  const { t } = useI18n()
  const [state, setState] = createSignal<'loading' | 'shown' | 'failed'>('loading')
  let stage: HTMLDivElement | undefined
  let from: { x: number; y: number; left: number; top: number } | null = null
  let dragged = false

  const size = (): JSX.CSSProperties => {
    const { file } = props
    if (!props.zoomed || !stage) return {}
    const fitted = fitPicture(file, { width: stage.clientWidth, height: stage.clientHeight })
    return { width: `${Math.max(file.width ?? 0, fitted.width * 2)}px` }
  }
  const onPointerDown = (event: PointerEvent) => {
    dragged = false
    if (!stage) return
    from = { x: event.clientX, y: event.clientY, left: stage.scrollLeft, top: stage.scrollTop }
  }
  const onPointerMove = (event: PointerEvent) => {
    if (!from || !stage) return
    const [x, y] = [event.clientX - from.x, event.clientY - from.y]
    if (Math.hypot(x, y) > 5) dragged = true
    // Fingers scroll by themselves.
    if (props.zoomed && event.pointerType === 'mouse') {
      stage.scrollTo(from.left - x, from.top - y)
    }
  }
  const onPointerUp = (event: PointerEvent) => {
    const x = event.clientX - (from?.x ?? event.clientX)
    from = null
    if (!props.zoomed && event.pointerType !== 'mouse' && Math.abs(x) > swipePx) {
      props.onStep(x < 0 ? 1 : -1)
    }
  }
  const onClick = (event: MouseEvent) => {
    if (dragged) return
    if (event.target instanceof HTMLImageElement) props.onZoom()
    else props.onClose()
  }

  createEffect(
    on(
      () => props.file.id,
      () => setState('loading'),
      { defer: true },
    ),
  )
  createEffect(
    on(
      () => props.zoomed,
      () => {
        if (!stage) return
        stage.scrollLeft = (stage.scrollWidth - stage.clientWidth) / 2
        stage.scrollTop = (stage.scrollHeight - stage.clientHeight) / 2
      },
    ),
  )

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the buttons above do the same for the keyboard
    // biome-ignore lint/a11y/useKeyWithClickEvents: as above
    <div
      ref={stage}
      class="lightbox__stage"
      classList={{ 'lightbox__stage--zoomed': props.zoomed }}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={() => {
        from = null
      }}
      onClick={onClick}
    >
      <Show
        when={state() !== 'failed'}
        fallback={
          <p class="lightbox__failed" role="alert">
            {t().attachments.unavailable}
          </p>
        }
      >
        <Show keyed when={props.file.id}>
          {(id) => (
            <img
              class="lightbox__picture"
              src={fileUrl(id)}
              alt={props.file.name}
              width={props.file.width ?? undefined}
              height={props.file.height ?? undefined}
              style={{ 'background-image': `url("${thumbnailUrl(id)}")`, ...size() }}
              draggable={false}
              onLoad={() => setState('shown')}
              onError={() => setState('failed')}
            />
          )}
        </Show>
      </Show>
      <Show when={state() === 'loading'}>
        <span class="lightbox__loading">
          <Spinner />
        </span>
      </Show>
    </div>
  )
}
