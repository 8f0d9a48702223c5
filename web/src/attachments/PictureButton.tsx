import type { StoredFile } from '@beseda/protocol/files'
import ImageOff from 'lucide-solid/icons/image-off'
import { createSignal, type JSX, Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { thumbnailUrl } from './file-url.ts'
import { fitPicture } from './grid.ts'

/** The largest that a single picture is shown in a message, in CSS pixels. */
const most = { width: 440, height: 400 }

/**
 * A picture in a message, opened by a click. Its box has its size before
 * anything is loaded, so that the messages around it stay where they are.
 */
export function PictureButton(props: {
  file: StoredFile
  /** How many pictures share its row. */
  share: number
  alone: boolean
  onOpen: () => void
}) {
  const { t } = useI18n()
  const [state, setState] = createSignal<'loading' | 'shown' | 'failed'>('loading')
  const box = (): JSX.CSSProperties => {
    if (!props.alone) {
      const ratio = [16 / 9, 4 / 3, 1][props.share - 1] ?? 1
      return { 'grid-column': `span ${6 / props.share}`, 'aspect-ratio': `${ratio}` }
    }
    const { width, height } = fitPicture(props.file, most)
    return { width: `${width}px`, 'aspect-ratio': `${width} / ${height}` }
  }
  const press = () => (state() === 'failed' ? setState('loading') : props.onOpen())
  return (
    <button
      type="button"
      class="picture"
      classList={{ 'picture--alone': props.alone }}
      data-state={state()}
      style={box()}
      onClick={press}
    >
      <Show
        when={state() !== 'failed'}
        fallback={
          <span class="picture__failed">
            <ImageOff aria-hidden="true" />
            <span>{t().attachments.unavailable}</span>
            <span class="hidden-visually">
              {props.file.name} {t().app.retry}
            </span>
          </span>
        }
      >
        <img
          src={thumbnailUrl(props.file.id)}
          alt={props.file.name}
          width={props.file.width ?? undefined}
          height={props.file.height ?? undefined}
          loading="lazy"
          decoding="async"
          draggable={false}
          onLoad={() => setState('shown')}
          onError={() => setState('failed')}
        />
      </Show>
    </button>
  )
}
