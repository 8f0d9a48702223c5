import type { Call } from '@beseda/protocol/calls'
import type { Notice, Peer } from '@beseda/protocol/signalling'
import { expect, test } from 'vitest'
import { applyNotice, enteringCall, type RemoteTrack, withPeers, withTrack } from './state.ts'

const self = '00000000-0000-7000-8000-000000000001'
const anna = '00000000-0000-7000-8000-000000000002'
const boris = '00000000-0000-7000-8000-000000000003'
const call: Call = {
  id: '00000000-0000-7000-8000-0000000000ca',
  chatId: '00000000-0000-7000-8000-0000000000cb',
  initiatorId: self,
  type: 'video',
  status: 'active',
  createdAt: '2026-01-01T00:00:00.000Z',
  answeredAt: null,
  epoch: 1,
  peers: [],
  declined: [],
}
const peer = (userId: string, second: number): Peer => ({
  userId,
  displayName: userId.slice(-1),
  avatarId: null,
  joinedAt: `2026-01-01T00:00:0${second}.000Z`,
  publish: ['microphone'],
  handRaisedAt: null,
})
const track = (consumerId: string): RemoteTrack => ({
  consumerId,
  source: 'camera',
  track: {} as MediaStreamTrack,
  paused: false,
})
const state = withTrack(
  withPeers(enteringCall(call, self), [peer(self, 0), peer(boris, 2), peer(anna, 1)]),
  anna,
  track('c1'),
)
const ids = (after: typeof state) => after.peers.map(({ userId }) => userId)

test('lists the others in the order in which they joined', () => {
  expect(ids(state)).toEqual([anna, boris])
})

test('keeps the tracks of those who are still there, drops the rest', () => {
  const after = withPeers(state, [peer(anna, 1)])
  expect(ids(after)).toEqual([anna])
  expect(after.peers[0]?.tracks.camera?.consumerId).toBe('c1')
})

test.each<[Notice, (after: typeof state) => unknown, unknown]>([
  [{ type: 'peer.left', userId: anna, reason: 'left' }, ids, [boris]],
  [
    { type: 'consumer.paused', consumerId: 'c1' },
    (after) => after.peers[0]?.tracks.camera?.paused,
    true,
  ],
  [{ type: 'consumer.closed', consumerId: 'c1' }, (after) => after.peers[0]?.tracks, {}],
  [
    { type: 'speakers', speakers: [{ userId: boris, volume: -20 }] },
    (after) => after.peers.map(({ speaking }) => speaking),
    [false, true],
  ],
  [
    { type: 'speakers', speakers: [{ userId: self, volume: -20 }] },
    (after) => after.self.speaking,
    true,
  ],
  [
    { type: 'uplinks', troubled: [{ userId: anna, loss: 0.1, score: 6 }] },
    (after) => after.troubled.map(({ userId, loss }) => [userId, loss]),
    [[anna, 0.1]],
  ],
])('applies %j', (notice, look, expected) => {
  expect(look(applyNotice(state, notice))).toEqual(expected)
})
