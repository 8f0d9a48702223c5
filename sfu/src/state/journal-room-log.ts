import type { SfuEvent } from '@beseda/protocol/redis'
import type { Peer } from '../rooms/peer.ts'
import type { Room } from '../rooms/room.ts'
import type { RoomLog } from '../rooms/room-log.ts'
import type { CallChange } from './call-change.ts'
import type { Journal } from './journal.ts'

/** Tells the servers, through the journal, what happens in rooms. */
export function makeJournalRoomLog(journal: Journal): RoomLog {
  return {
    opened(room) {
      journal.record({ ...empty(room), router: routerOf(room), reset: true })
    },
    joined(room, peer) {
      const event: SfuEvent = { ...about(room, peer, 'joined'), at: peer.joinedAt }
      journal.record({ ...withPeer(room, peer), events: [event] })
    },
    updated(room, peer) {
      journal.record({ ...withPeer(room, peer), events: [about(room, peer, 'updated')] })
    },
    left(room, peer, reason) {
      const { joinedAt } = peer
      const event: SfuEvent = { ...about(room, peer, 'left'), joinedAt, reason }
      // One who was replaced is still in, as the newer peer.
      if (reason === 'replaced') return journal.record({ ...empty(room), events: [event] })
      journal.record({ ...empty(room), peers: new Map([[peer.userId, null]]), events: [event] })
    },
    closed(room, reason) {
      const { callId, chatId } = room.options
      const why = reason === 'alone' ? 'alone' : 'empty'
      const ended: SfuEvent = { type: 'ended', callId, chatId, why, at: Date.now() }
      journal.record({
        ...empty(room),
        router: null,
        reset: true,
        events: reason === 'ended' || reason === 'alone' ? [ended] : [],
      })
    },
  }
}

/** The whole state of a room, to be written over whatever is there. */
export function wholeRoom(room: Room): CallChange {
  const peers = new Map(room.peers.map((peer) => [peer.userId, peer.state]))
  return { ...empty(room), router: routerOf(room), reset: true, peers }
}

function empty(room: Room): CallChange {
  const { callId, epoch } = room.options
  return { callId, epoch, reset: false, peers: new Map(), events: [] }
}

function withPeer(room: Room, peer: Peer): CallChange {
  return { ...empty(room), peers: new Map([[peer.userId, peer.state]]) }
}

function routerOf({ options: { worker, stage } }: Room) {
  return { pid: worker.pid, routerId: stage.router.id }
}

function about<Type extends 'joined' | 'updated' | 'left'>(room: Room, peer: Peer, type: Type) {
  const { callId, chatId } = room.options
  return { type, callId, chatId, userId: peer.userId, at: Date.now() }
}
