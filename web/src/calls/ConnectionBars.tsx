import './ConnectionBars.css'
import type { CallSession } from '@beseda/client/calls/session'
import { createSignal, For, onCleanup } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { type Counts, countStats, judgeQuality, type Quality } from './quality.ts'

const periodMs = 2_000
const lit: Record<Quality, number> = { good: 3, fair: 2, poor: 1 }

/** Three bars that tell how the own connection is. */
export function ConnectionBars(props: { session: CallSession }) {
  const { t } = useI18n()
  const quality = createQuality(() => props.session)
  return (
    <span
      class="connection-bars"
      data-quality={quality()}
      role="img"
      aria-label={t().calls.connection[quality()]}
      title={t().calls.connection[quality()]}
    >
      <For each={[1, 2, 3]}>
        {(bar) => <i classList={{ 'connection-bars__lit': bar <= lit[quality()] }} />}
      </For>
    </span>
  )
}

function createQuality(session: () => CallSession) {
  const [quality, setQuality] = createSignal<Quality>('good')
  let before: Counts | null = null
  const measure = async () => {
    const { recv } = await session().stats()
    if (!recv) return
    const now = countStats(recv.values())
    if (before) setQuality(judgeQuality(before, now))
    before = now
  }
  // A transport that has just been closed has nothing to tell.
  const timer = setInterval(() => void measure().catch(() => {}), periodMs)
  onCleanup(() => clearInterval(timer))
  return quality
}
