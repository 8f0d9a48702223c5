import { expect, test } from 'vitest'
import { type Counters, readStats } from './stats.ts'

const inbound = (change: object) => ({
  id: 'in',
  type: 'inbound-rtp',
  kind: 'video',
  trackIdentifier: 'theirs',
  codecId: 'vp8',
  timestamp: 1_000,
  bytesReceived: 1_000,
  packetsReceived: 10,
  packetsLost: 0,
  jitter: 0.004,
  frameWidth: 640,
  frameHeight: 360,
  framesPerSecond: 30,
  ...change,
})
const others = [
  { id: 'vp8', type: 'codec', mimeType: 'video/VP8' },
  { id: 'source', type: 'media-source', trackIdentifier: 'mine' },
  { id: 'far', type: 'remote-inbound-rtp', packetsLost: 5, jitter: 0.01 },
  {
    id: 'l',
    type: 'local-candidate',
    candidateType: 'relay',
    protocol: 'udp',
    relayProtocol: 'tls',
  },
  { id: 'r', type: 'remote-candidate', candidateType: 'host', protocol: 'udp' },
  {
    id: 'pair',
    type: 'candidate-pair',
    state: 'succeeded',
    nominated: true,
    localCandidateId: 'l',
    remoteCandidateId: 'r',
    currentRoundTripTime: 0.052,
  },
]
const ownerOf = (trackId: string) => {
  if (trackId === 'theirs') return { userId: 'anna', source: 'camera' as const }
  return trackId === 'mine' ? { userId: null, source: 'microphone' as const } : undefined
}

test('reads a track that comes in, with rates since the last look', () => {
  const before: Counters = new Map()
  const [first] = readStats([inbound({}), ...others], ownerOf, before).tracks
  expect(first).toMatchObject({ bitsPerSecond: null, loss: null, codec: 'VP8', jitterMs: 4 })
  const later = inbound({
    timestamp: 3_000,
    bytesReceived: 251_000,
    packetsReceived: 100,
    packetsLost: 10,
  })
  const [second] = readStats([later, ...others], ownerOf, before).tracks
  expect(second).toMatchObject({
    userId: 'anna',
    source: 'camera',
    width: 640,
    height: 360,
    framesPerSecond: 30,
    bitsPerSecond: 1_000_000,
    loss: 0.1,
  })
})

test('reads an own track by what the other side reports of it', () => {
  const sent = (timestamp: number, packetsSent: number, packetsLost: number) => [
    {
      id: 'out',
      type: 'outbound-rtp',
      kind: 'audio',
      mediaSourceId: 'source',
      remoteId: 'far',
      timestamp,
      bytesSent: packetsSent * 100,
      packetsSent,
    },
    ...others.map((one) => (one.id === 'far' ? { ...one, packetsLost } : one)),
  ]
  const before: Counters = new Map()
  readStats(sent(0, 100, 0), ownerOf, before)
  const [track] = readStats(sent(1_000, 200, 5), ownerOf, before).tracks
  expect(track).toMatchObject({
    userId: null,
    kind: 'audio',
    bitsPerSecond: 80_000,
    loss: 0.05,
    jitterMs: 10,
  })
})

test('names the path, with how a relay is reached', () => {
  expect(readStats(others, ownerOf, new Map()).path).toEqual({
    local: 'relay',
    remote: 'host',
    protocol: 'tls',
    roundTripMs: 52,
  })
  expect(readStats([], ownerOf, new Map())).toEqual({ path: null, tracks: [] })
})

test('leaves out tracks that nobody in the call has', () => {
  const stranger = inbound({ trackIdentifier: 'probe' })
  expect(readStats([stranger], ownerOf, new Map()).tracks).toEqual([])
})
