import { expect, test } from 'vitest'
import { countStats, judgeQuality } from './quality.ts'

const start = { lost: 10, received: 1000, roundTripMs: 20 }
const after = (lost: number, received: number, roundTripMs: number | null = 20) => ({
  lost: start.lost + lost,
  received: start.received + received,
  roundTripMs,
})

test.each([
  ['nothing lost', after(0, 500), 'good'],
  ['a little lost', after(15, 485), 'fair'],
  ['much lost', after(60, 440), 'poor'],
  ['slow', after(0, 500, 300), 'fair'],
  ['very slow', after(0, 500, 700), 'poor'],
  ['nothing received', after(0, 0, null), 'good'],
  ['counters began anew', { lost: 0, received: 5, roundTripMs: 20 }, 'good'],
] as const)('%s', (_, now, quality) => {
  expect(judgeQuality(start, now)).toBe(quality)
})

test('losses are summed over tracks, the round trip is that of the pair in use', () => {
  const reports = [
    { type: 'inbound-rtp', packetsLost: 1, packetsReceived: 10 },
    { type: 'inbound-rtp', packetsLost: 2, packetsReceived: 20 },
    { type: 'outbound-rtp', packetsSent: 5 },
    { type: 'candidate-pair', nominated: false, currentRoundTripTime: 9 },
    { type: 'candidate-pair', nominated: true, currentRoundTripTime: 0.05 },
  ]
  expect(countStats(reports)).toEqual({ lost: 3, received: 30, roundTripMs: 50 })
})
