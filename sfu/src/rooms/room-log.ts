import type { LeaveReason } from '@beseda/protocol/signalling'
import type { Peer } from './peer.ts'
import type { Room, RoomEnd } from './room.ts'

/** Who must hear what happens in rooms. No call waits for anything. */
export type RoomLog = {
  opened(room: Room): void
  joined(room: Room, peer: Peer): void
  /** A peer's sources changed. */
  updated(room: Room, peer: Peer): void
  left(room: Room, peer: Peer, reason: LeaveReason): void
  /** Every peer was reported as left before. */
  closed(room: Room, reason: RoomEnd): void
}
