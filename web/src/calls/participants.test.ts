import { expect, test } from 'vitest'
import { toParticipants } from './participants.ts'
import { ringingTile, type Tile } from './tiles.ts'

const tile = (userId: string, change: Partial<Tile> = {}): Tile => ({
  ...ringingTile({ id: userId, name: userId }, null),
  ringing: false,
  ...change,
})

test('each person stands once, hands first as they went up', () => {
  const people = toParticipants([
    tile('vera', { source: 'screen' }),
    tile('anna'),
    tile('boris', { handRaisedAt: '2026-03-10T09:00:02.000Z' }),
    tile('vera', { handRaisedAt: '2026-03-10T09:00:01.000Z' }),
    tile('self', { own: true }),
  ])
  expect(people.map(({ face, sharing }) => [face.userId, sharing])).toEqual([
    ['vera', true],
    ['boris', false],
    ['anna', false],
    ['self', false],
  ])
})
