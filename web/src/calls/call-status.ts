import type { CallState } from '@beseda/client/calls/state'
import { type Accessor, createMemo } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { createNow } from '../i18n/now.ts'
import type { Dictionary } from '../i18n/ru.ts'
import { formatDuration } from '../i18n/times.ts'
import { endText } from './end-text.ts'

/** The user called, and nobody is there yet. */
export const isCalling = (state: CallState) =>
  state.call.status === 'ringing' &&
  state.call.initiatorId === state.self.userId &&
  state.peers.length === 0 &&
  state.phase.status !== 'ended'

function statusText(t: Dictionary, state: CallState): string | null {
  const { phase, peers } = state
  if (phase.status === 'ended') return endText(t, phase)
  if (phase.status === 'reconnecting') {
    return phase.lost === 'media' ? t.calls.noPath : t.calls.reconnecting
  }
  if (isCalling(state)) return t.calls.calling
  if (phase.status === 'connecting') return t.calls.connecting
  if (peers.length === 0) return t.calls.waiting
  return null
}

/** The call in a few words, and how long it has been going on. */
export function createCallStatus(state: Accessor<CallState>) {
  const { t } = useI18n()
  const now = createNow(1_000)
  return {
    /** Null while there is nothing to say but the time. */
    text: createMemo(() => statusText(t(), state())),
    /** Null until somebody has answered. */
    duration: createMemo(() => {
      const { answeredAt } = state().call
      return answeredAt && formatDuration((now().getTime() - Date.parse(answeredAt)) / 1000)
    }),
  }
}
