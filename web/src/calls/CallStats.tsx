import './CallStats.css'
import { createMemo, createSignal, For, onCleanup, Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { Modal } from '../ui/Modal.tsx'
import { useCall } from './call-context.tsx'
import { type CallStatsView, type Counters, ownerIn, readStats, type TrackStats } from './stats.ts'

const periodMs = 1_000

/** What every track of the call weighs and how it travels, in numbers. */
export default function CallStats(props: { onClose: () => void }) {
  const { t } = useI18n()
  const stats = createStats()
  const words = () => t().calls.stats
  const path = () => stats()?.path
  return (
    <Modal open title={words().title} closeLabel={t().app.close} onClose={props.onClose}>
      <div class="call-stats">
        <Show when={path()} fallback={<p>{words().noPath}</p>}>
          {(known) => (
            <p class="call-stats__path">
              {known().local === 'relay' ? words().relayed : words().direct}
              {' · '}
              {(known().protocol ?? '').toUpperCase()}
              {' · '}
              {known().local ?? '?'} → {known().remote ?? '?'}
              <Show when={known().roundTripMs !== null}>
                {' · '}
                {unbroken(words().roundTrip(Math.round(known().roundTripMs ?? 0)))}
              </Show>
            </p>
          )}
        </Show>
        <ul class="call-stats__tracks">
          <For each={stats()?.tracks}>{(track) => <Row track={track} />}</For>
        </ul>
      </div>
    </Modal>
  )
}

/** A number stays with its unit when the line is broken. */
const unbroken = (fact: string) => fact.replaceAll(' ', '\u00a0')

function Row(props: { track: TrackStats }) {
  const { t } = useI18n()
  const { state } = useCall()
  const words = () => t().calls.stats
  const who = () => {
    const { userId } = props.track
    if (userId === null) return t().calls.you
    return state().peers.find((peer) => peer.userId === userId)?.displayName ?? ''
  }
  const facts = createMemo(() => {
    const { codec, width, height, framesPerSecond, bitsPerSecond, loss, jitterMs } = props.track
    return [
      codec,
      width && height ? `${width} × ${height}` : null,
      framesPerSecond === null ? null : words().frames(Math.round(framesPerSecond)),
      bitsPerSecond === null ? null : words().rate(Math.round(bitsPerSecond / 1000)),
      loss === null ? null : words().loss((loss * 100).toFixed(1)),
      jitterMs === null ? null : words().jitter(Math.round(jitterMs)),
    ].filter((fact) => fact !== null)
  })
  return (
    <li>
      <strong>
        {who()} · {t().calls.stats.sources[props.track.source]}
      </strong>
      <span>{facts().map(unbroken).join(' · ')}</span>
    </li>
  )
}

function createStats() {
  const { session, state } = useCall()
  const [stats, setStats] = createSignal<CallStatsView>()
  const before: Counters = new Map()
  const look = async () => {
    const { send, recv } = await session.stats()
    const reports = [...(recv?.values() ?? []), ...(send?.values() ?? [])]
    setStats(readStats(reports, (trackId) => ownerIn(state(), trackId), before))
  }
  // A transport that has just been closed has nothing to tell.
  const tick = () => void look().catch(() => {})
  tick()
  const timer = setInterval(tick, periodMs)
  onCleanup(() => clearInterval(timer))
  return stats
}
