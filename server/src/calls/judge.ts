import type { CallEndReason } from '@beseda/protocol/calls'
import { spans } from '@beseda/protocol/limits'
import type { CallSnapshot } from './snapshot.ts'
import { type EndGuard, lookEveryMs, type Waiting } from './state.ts'

/** Milliseconds that a call may be without anybody in it. */
const emptyMs = 60_000

/** Milliseconds that a call has to come back after its SFU node died. */
const orphanMs = 30_000

/** Milliseconds for which a node must seem dead before its peers are taken for lost. */
const deadMs = 2_000
/** Milliseconds until the next look at a call whose node seems dead. */
const lookSoonMs = 1_000

export type Verdict =
  | { do: 'end'; reason: CallEndReason; guard: EndGuard }
  | ({ do: 'wait' } & Waiting)

/** What becomes of a call that is on and due for a look. Times in ms. */
export function judge({ state, peers }: CallSnapshot, nodeAlive: boolean, now: number): Verdict {
  const { epoch, idleSince } = state
  if (state.status === 'ringing') {
    const deadline = state.createdAt + spans.ringing
    if (now < deadline) return { do: 'wait', idleSince, next: deadline, forgetPeers: false }
    return { do: 'end', reason: 'unanswered', guard: { status: 'ringing' } }
  }
  if (now - state.createdAt >= spans.callMax) return { do: 'end', reason: 'expired', guard: {} }
  const next = now + (nodeAlive ? lookEveryMs : lookSoonMs)
  const wait = { do: 'wait', next, forgetPeers: false } as const
  if (nodeAlive && peers.length > 0) return { ...wait, idleSince: null }
  if (idleSince === null) return { ...wait, idleSince: now }
  const idleMs = now - idleSince
  const forgetPeers = !nodeAlive && peers.length > 0 && idleMs >= deadMs
  if (idleMs < (nodeAlive ? emptyMs : orphanMs)) return { ...wait, idleSince, forgetPeers }
  return nodeAlive
    ? { do: 'end', reason: 'left', guard: { epoch, empty: true } }
    : { do: 'end', reason: 'failed', guard: { epoch } }
}
