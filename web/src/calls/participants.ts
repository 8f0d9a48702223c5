import type { Tile } from './tiles.ts'

/** Somebody in the call. */
export type Participant = {
  face: Tile
  /** Whether they show a screen. */
  sharing: boolean
}

/** Times sort as they are written; whoever does not ask comes after all times. */
const order = ({ face }: Participant) => face.handRaisedAt ?? 'later'

/** One for each person of the tiles: raised hands first, in the order in which they went up, oneself last. */
export function toParticipants(tiles: Tile[]): Participant[] {
  const sharing = new Set(
    tiles.filter(({ source }) => source === 'screen').map(({ userId }) => userId),
  )
  const faces = tiles.filter(({ source }) => source === 'camera')
  const people = faces.map((face) => ({ face, sharing: sharing.has(face.userId) }))
  return people.toSorted((a, b) => order(a).localeCompare(order(b)))
}
