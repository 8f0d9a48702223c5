import './ConnectionBars.css'
import { For } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import type { Dictionary } from '../i18n/ru.ts'
import { Tooltip } from '../ui/Tooltip.tsx'
import type { Quality, Verdict } from './quality.ts'

const lit: Record<Quality, number> = { good: 3, fair: 2, poor: 1 }

/** A verdict in words and numbers. */
function verdictText(t: Dictionary, verdict: Verdict): string {
  const { quality, culprit, loss, jitterMs, roundTripMs } = verdict
  const { stats } = t.calls
  const state = t.calls.connection[quality]
  const words = culprit ? `${state}: ${t.calls.connection.why[culprit]}` : state
  const numbers = [
    loss === null ? null : stats.loss((loss * 100).toFixed(1)),
    jitterMs === null ? null : stats.jitter(Math.round(jitterMs)),
    roundTripMs === null ? null : stats.roundTrip(Math.round(roundTripMs)),
  ]
  return [words, ...numbers.filter((one) => one !== null)].join(' · ')
}

/** Three bars that tell how a connection is; why, and the numbers, for whoever points at them. */
export function ConnectionBars(props: { verdict: Verdict; side?: 'top' | 'bottom' }) {
  const { t } = useI18n()
  const quality = () => props.verdict.quality
  const text = () => verdictText(t(), props.verdict)
  return (
    <Tooltip text={text()} side={props.side}>
      {(trigger) => (
        <span
          {...trigger}
          class="connection-bars"
          data-quality={quality()}
          role="img"
          // With good connections there is nothing to stop at on the way through the page.
          tabindex={quality() === 'good' ? undefined : 0}
          aria-label={text()}
        >
          <For each={[1, 2, 3]}>
            {(bar) => <i classList={{ 'connection-bars__lit': bar <= lit[quality()] }} />}
          </For>
        </span>
      )}
    </Tooltip>
  )
}
