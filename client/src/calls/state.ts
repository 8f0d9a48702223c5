import type { Call } from '@beseda/protocol/calls'
import type { Source } from '@beseda/protocol/media'
import type { CallOutcome } from '@beseda/protocol/messages'
import type {
  ConsumerOptions,
  LeaveReason,
  Notice,
  Peer,
  Uplink,
} from '@beseda/protocol/signalling'

/** A track of somebody else. */
export type RemoteTrack = {
  consumerId: string
  source: Source
  track: MediaStreamTrack
  /** Its owner has it muted or off. */
  paused: boolean
}

export type RemotePeer = Peer & {
  tracks: Partial<Record<Source, RemoteTrack>>
  speaking: boolean
}

/** A track of one's own: sent, or held while muted or off (`track` null while a camera is off). */
export type LocalTrack = {
  track: MediaStreamTrack | null
  paused: boolean
  /** Who muted it, where that was not its owner; null when that happened unseen. */
  mutedBy?: string | null
}

export type CallPhase =
  /** On the way in. */
  | { status: 'connecting' }
  | { status: 'connected' }
  /** Broke and is being mended: the way to talk to the SFU, while media may still flow, or the way of the media. */
  | { status: 'reconnecting'; lost: 'signalling' | 'media' }
  /** `outcome` is what became of the call, once the server has told; null while it has not. */
  | { status: 'ended'; reason: LeaveReason | 'failed'; outcome: CallOutcome | null }

/** All of a call that a screen shows. */
export type CallState = {
  call: Call
  phase: CallPhase
  /** The others, in the order in which they joined. */
  peers: RemotePeer[]
  self: {
    userId: string
    speaking: boolean
    tracks: Partial<Record<Source, LocalTrack>>
    /** What one may publish; null until the SFU has said so. */
    publish: Source[] | null
    handRaisedAt: string | null
  }
  /** Nobody else has been here for long: the call ends then, unless one asks to stay. */
  aloneUntil: string | null
  /** Those whose way to the SFU is bad now, maybe oneself. */
  troubled: Uplink[]
}

/** A call before the SFU has answered. */
export function enteringCall(call: Call, userId: string): CallState {
  return {
    call,
    phase: { status: 'connecting' },
    peers: [],
    self: { userId, speaking: false, tracks: {}, publish: null, handRaisedAt: null },
    aloneUntil: null,
    troubled: [],
  }
}

const byJoining = (peers: RemotePeer[]) =>
  peers.sort((a, b) => a.joinedAt.localeCompare(b.joinedAt))

/** The SFU's list of peers is the truth: keep what is known of those in it, drop the rest. */
export function withPeers(state: CallState, peers: Peer[]): CallState {
  const known = new Map(state.peers.map((peer) => [peer.userId, peer]))
  const others = peers.filter((peer) => peer.userId !== state.self.userId)
  return {
    ...state,
    peers: byJoining(
      others.map((peer) => ({ tracks: {}, speaking: false, ...known.get(peer.userId), ...peer })),
    ),
  }
}

const changePeer = (
  state: CallState,
  userId: string,
  change: (peer: RemotePeer) => RemotePeer,
): CallState => ({
  ...state,
  peers: state.peers.map((peer) => (peer.userId === userId ? change(peer) : peer)),
})

/** What the SFU says of oneself. */
export function withSelf(state: CallState, { publish, handRaisedAt }: Peer): CallState {
  return { ...state, self: { ...state.self, publish, handRaisedAt } }
}

/** Add or replace a peer's track. */
export function withTrack(state: CallState, userId: string, track: RemoteTrack): CallState {
  return changePeer(state, userId, (peer) => ({
    ...peer,
    tracks: { ...peer.tracks, [track.source]: track },
  }))
}

/** Every remote track, changed or (null) dropped by `change`. */
export function mapTracks(
  state: CallState,
  change: (track: RemoteTrack) => RemoteTrack | null,
): CallState {
  const peers = state.peers.map((peer) => {
    const tracks = Object.values(peer.tracks).flatMap((track) => {
      const next = change(track)
      return next ? [[next.source, next] as const] : []
    })
    return { ...peer, tracks: Object.fromEntries(tracks) }
  })
  return { ...state, peers }
}

/** The SFU's list of consumers is the truth: drop tracks that are not in it, take its word on mute. */
export function withConsumers(state: CallState, consumers: ConsumerOptions[]): CallState {
  const open = new Map(consumers.map((consumer) => [consumer.id, consumer]))
  return mapTracks(state, (track) => {
    const consumer = open.get(track.consumerId)
    return consumer ? { ...track, paused: consumer.producerPaused } : null
  })
}

/** What a notice changes; media that it opens or closes is not this function's business. */
export function applyNotice(state: CallState, notice: Notice): CallState {
  const setPaused = (consumerId: string, paused: boolean) =>
    mapTracks(state, (track) => (track.consumerId === consumerId ? { ...track, paused } : track))
  switch (notice.type) {
    case 'peer.joined':
      return withPeers({ ...state, aloneUntil: null }, [
        ...state.peers.filter((peer) => peer.userId !== notice.peer.userId),
        notice.peer,
      ])
    case 'peer.updated':
      if (notice.peer.userId === state.self.userId) return withSelf(state, notice.peer)
      return changePeer(state, notice.peer.userId, (peer) => ({ ...peer, ...notice.peer }))
    case 'peer.left':
      return { ...state, peers: state.peers.filter((peer) => peer.userId !== notice.userId) }
    case 'consumer.closed':
      return mapTracks(state, (track) => (track.consumerId === notice.consumerId ? null : track))
    case 'consumer.paused':
      return setPaused(notice.consumerId, true)
    case 'consumer.resumed':
      return setPaused(notice.consumerId, false)
    case 'speakers': {
      const heard = new Set(notice.speakers.map((speaker) => speaker.userId))
      return {
        ...state,
        self: { ...state.self, speaking: heard.has(state.self.userId) },
        peers: state.peers.map((peer) => ({ ...peer, speaking: heard.has(peer.userId) })),
      }
    }
    case 'rights':
      return { ...state, self: { ...state.self, publish: notice.publish } }
    case 'alone':
      return { ...state, aloneUntil: notice.endsAt }
    case 'uplinks':
      return { ...state, troubled: notice.troubled }
    case 'consumer.opened':
    case 'consumer.layers':
    case 'producer.closed':
    case 'producer.paused':
    case 'producer.layers':
    case 'closed':
      return state
  }
}
