import type { CallSession } from '@beseda/client/calls/session'
import type { CallState } from '@beseda/client/calls/state'
import { type Accessor, createMemo, createSignal, onCleanup } from 'solid-js'
import { judgeOwn, judgePeer, type Verdict } from './quality.ts'
import { type CallStatsView, type Counters, ownerIn, readStats } from './stats.ts'

const periodMs = 2_000

export type CallQuality = {
  own: Accessor<Verdict>
  of(userId: string): Verdict
}

/** How the connections of everybody in the call are, looked at every other second. */
export function createCallQuality(session: CallSession, state: Accessor<CallState>): CallQuality {
  const [stats, setStats] = createSignal<CallStatsView>({ path: null, tracks: [] })
  const before: Counters = new Map()
  const look = async () => {
    const { recv } = await session.stats()
    if (!recv) return
    setStats(readStats([...recv.values()], (trackId) => ownerIn(state(), trackId), before))
  }
  // A transport that has just been closed has nothing to tell.
  const timer = setInterval(() => void look().catch(() => {}), periodMs)
  onCleanup(() => clearInterval(timer))

  const evidence = createMemo(() => {
    const { self, peers, troubled } = state()
    const peerIds = peers.map(({ userId }) => userId)
    return { selfId: self.userId, peerIds, troubled, stats: stats() }
  })
  return {
    own: createMemo(() => judgeOwn(evidence())),
    of: (userId) => judgePeer(evidence(), userId),
  }
}
