import type { CallPeerState, SfuEvent } from '@beseda/protocol/redis'

/** What is to be written of one call, in one step. */
export type CallChange = {
  callId: string
  epoch: number
  /** The call's `router` key; null when the room is closed, absent when it stays as it is. */
  router?: { pid: number; routerId: string } | null
  /** Forget all peers first: those that another node, or a lost write, left there. */
  reset: boolean
  /** Peers as they are now; null for one that is gone. */
  peers: Map<string, CallPeerState | null>
  events: SfuEvent[]
}

/** Both in one: the newest state wins, no event is dropped. */
export function mergeChanges(older: CallChange, newer: CallChange): CallChange {
  if (older.epoch !== newer.epoch) return older.epoch > newer.epoch ? older : newer
  const router = newer.router === undefined ? older.router : newer.router
  return {
    callId: newer.callId,
    epoch: newer.epoch,
    ...(router === undefined ? {} : { router }),
    reset: older.reset || newer.reset,
    peers: newer.reset ? newer.peers : new Map([...older.peers, ...newer.peers]),
    events: [...older.events, ...newer.events],
  }
}
