import type { CallState, RemotePeer } from '@beseda/client/calls/state'
import type { User } from '@beseda/protocol/users'

/** One picture of the grid: somebody with or without a camera, or somebody's screen. */
export type Tile = {
  key: string
  userId: string
  name: string
  avatarId: string | null
  source: 'camera' | 'screen'
  own: boolean
  /** What is shown; null while there is no picture. */
  video: MediaStreamTrack | null
  muted: boolean
  speaking: boolean
  /** Being called, not there yet. */
  ringing: boolean
  /** Since when they ask to speak. */
  handRaisedAt: string | null
  /** A screen that is shown to whoever asks for it, and not watched here. */
  offered: boolean
}

function peerTiles(peer: RemotePeer, watched: boolean): Tile[] {
  const { userId, displayName: name, avatarId, tracks } = peer
  const camera = tracks.camera && !tracks.camera.paused ? tracks.camera.track : null
  const muted = !tracks.microphone || tracks.microphone.paused
  const face: Tile = {
    userId,
    name,
    avatarId,
    own: false,
    key: `${userId} camera`,
    source: 'camera',
    video: camera,
    muted,
    speaking: peer.speaking && !muted,
    ringing: false,
    handRaisedAt: peer.handRaisedAt,
    offered: false,
  }
  if (!tracks.screen || tracks.screen.paused) return [face]
  const screen = screenTile(face, watched ? tracks.screen.track : null)
  return [{ ...screen, offered: !watched }, face]
}

/** Somebody's screen beside their face. */
const screenTile = (face: Tile, video: MediaStreamTrack | null): Tile => ({
  ...face,
  key: `${face.userId} screen`,
  source: 'screen',
  video,
  muted: false,
  speaking: false,
  handRaisedAt: null,
})

/**
 * What the grid shows: screens first, then the others as they joined, oneself last. Of others'
 * screens only those of the users in `watched` are seen.
 */
export function toTiles(
  { peers, self }: CallState,
  user: User,
  watched: ReadonlySet<string> = new Set(),
): Tile[] {
  const { microphone, camera, screen } = self.tracks
  const muted = !microphone?.track || microphone.paused
  const own: Tile = {
    key: `${user.id} camera`,
    userId: user.id,
    name: user.displayName,
    avatarId: user.avatarId,
    source: 'camera',
    own: true,
    video: camera && !camera.paused ? camera.track : null,
    muted,
    speaking: self.speaking && !muted,
    ringing: false,
    handRaisedAt: self.handRaisedAt,
    offered: false,
  }
  const others = peers.flatMap((peer) => peerTiles(peer, watched.has(peer.userId)))
  const screens = others.filter((tile) => tile.source === 'screen')
  const faces = others.filter((tile) => tile.source === 'camera')
  const ownScreen = screen?.track ? [screenTile(own, screen.track)] : []
  return [...screens, ...ownScreen, ...faces, own]
}

/** Stands for those who are being called, until one of them is there. */
export function ringingTile(face: { id: string; name: string }, avatarId: string | null): Tile {
  return {
    key: 'ringing',
    userId: face.id,
    name: face.name,
    avatarId,
    source: 'camera',
    own: false,
    video: null,
    muted: false,
    speaking: false,
    ringing: true,
    handRaisedAt: null,
    offered: false,
  }
}
