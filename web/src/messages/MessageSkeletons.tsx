import './MessageList.css'
import { For } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { Skeleton } from '../ui/Skeleton.tsx'

const bubbles = [
  { own: false, width: '46%', height: '44px' },
  { own: false, width: '62%', height: '66px' },
  { own: true, width: '38%', height: '44px' },
  { own: false, width: '30%', height: '44px' },
  { own: true, width: '54%', height: '66px' },
  { own: true, width: '26%', height: '44px' },
]

/** Messages that are on their way. */
export function MessageSkeletons() {
  const { t } = useI18n()
  return (
    <div class="message-list__skeletons" role="status">
      <span class="hidden-visually">{t().app.loading}</span>
      <For each={bubbles}>
        {({ own, width, height }) => (
          <div classList={{ 'message-list__skeleton--own': own }}>
            <Skeleton width={width} height={height} />
          </div>
        )}
      </For>
    </div>
  )
}
