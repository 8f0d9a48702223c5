import type { Uplink } from '@beseda/protocol/signalling'
import { expect, test } from 'vitest'
import { type Culprit, type Evidence, judgeOwn, judgePeer, type Quality } from './quality.ts'
import type { PathStats, TrackStats } from './stats.ts'

const track = (userId: string | null, change: Partial<TrackStats> = {}): TrackStats => ({
  id: `${userId}`,
  userId,
  source: 'microphone',
  kind: 'audio',
  codec: 'opus',
  width: null,
  height: null,
  framesPerSecond: null,
  bitsPerSecond: 30_000,
  loss: 0,
  packets: 100,
  jitterMs: 5,
  ...change,
})
const path: PathStats = { local: 'host', remote: 'host', protocol: 'udp', roundTripMs: 30 }
const relayed: PathStats = { ...path, local: 'relay' }
const lossy = (userId: string, loss: number, score = 10): Uplink => ({ userId, loss, score })

type Case = {
  what: string
  troubled?: Uplink[]
  tracks?: TrackStats[]
  path?: PathStats
  own: [Quality, Culprit | null]
  boris: [Quality, Culprit | null]
}

test.each<Case>([
  { what: 'all is well', own: ['good', null], boris: ['good', null] },
  {
    what: 'what I send is lost',
    troubled: [lossy('me', 0.05)],
    own: ['fair', 'ownUplink'],
    boris: ['good', null],
  },
  {
    what: 'what Boris sends is lost, and so missed here',
    troubled: [lossy('boris', 0.12)],
    tracks: [track('boris', { loss: 0.12 }), track('vera')],
    own: ['good', null],
    boris: ['poor', 'theirUplink'],
  },
  {
    what: 'what Boris sends can not be repaired',
    troubled: [lossy('boris', 0.01, 4)],
    own: ['good', null],
    boris: ['poor', 'theirUplink'],
  },
  {
    what: 'all that I receive is lossy',
    tracks: [track('boris', { loss: 0.05 }), track('vera', { loss: 0.06 })],
    own: ['fair', 'ownDownlink'],
    boris: ['fair', 'ownDownlink'],
  },
  {
    what: 'Boris loses a little, I lose much',
    troubled: [lossy('boris', 0.03)],
    tracks: [track('boris', { loss: 0.2 }), track('vera', { loss: 0.2 })],
    own: ['poor', 'ownDownlink'],
    boris: ['poor', 'ownDownlink'],
  },
  {
    what: 'the server is far away',
    path: { ...path, roundTripMs: 600 },
    own: ['poor', 'ownDownlink'],
    boris: ['poor', 'ownDownlink'],
  },
  {
    what: 'the relay is slow',
    path: { ...relayed, roundTripMs: 300 },
    own: ['fair', 'relay'],
    boris: ['fair', 'relay'],
  },
  {
    what: 'what I send is lost on its way through the relay',
    troubled: [lossy('me', 0.1)],
    path: relayed,
    own: ['poor', 'relay'],
    boris: ['good', null],
  },
  {
    what: 'one unsteady voice is not my connection',
    tracks: [track('boris', { jitterMs: 200 }), track('vera')],
    own: ['good', null],
    boris: ['poor', 'theirUplink'],
  },
  {
    what: 'all voices are unsteady',
    tracks: [track('boris', { jitterMs: 100 }), track('vera', { jitterMs: 90 })],
    own: ['fair', 'ownDownlink'],
    boris: ['fair', 'ownDownlink'],
  },
  {
    what: 'everybody sends badly at once',
    troubled: [lossy('me', 0.1), lossy('boris', 0.1), lossy('vera', 0.1)],
    own: ['poor', 'server'],
    boris: ['poor', 'server'],
  },
  {
    what: 'a few lost of very few packets weigh little',
    tracks: [track('boris', { loss: 0.5, packets: 2 }), track('vera', { packets: 500 })],
    own: ['good', null],
    boris: ['good', null],
  },
])(
  '$what',
  ({ troubled = [], tracks = [track('boris'), track('vera')], path: way = path, ...expected }) => {
    const evidence: Evidence = {
      selfId: 'me',
      peerIds: ['boris', 'vera'],
      troubled,
      stats: { path: way, tracks: [...tracks, track(null, { loss: 0.5 })] },
    }
    const own = judgeOwn(evidence)
    const boris = judgePeer(evidence, 'boris')
    expect([own.quality, own.culprit]).toEqual(expected.own)
    expect([boris.quality, boris.culprit]).toEqual(expected.boris)
  },
)

test('the numbers are those of the connection in question', () => {
  const evidence: Evidence = {
    selfId: 'me',
    peerIds: ['boris'],
    troubled: [lossy('boris', 0.1)],
    stats: { path, tracks: [track('boris', { loss: 0.04, jitterMs: 12 })] },
  }
  expect(judgePeer(evidence, 'boris')).toMatchObject({ loss: 0.1, jitterMs: 12, roundTripMs: 30 })
  expect(judgeOwn(evidence)).toMatchObject({ loss: 0, jitterMs: 12, roundTripMs: 30 })
})

test('before anything was counted all is taken for good', () => {
  const evidence: Evidence = {
    selfId: 'me',
    peerIds: [],
    troubled: [],
    stats: { path: null, tracks: [] },
  }
  expect(judgeOwn(evidence)).toMatchObject({ quality: 'good', culprit: null, roundTripMs: null })
})
