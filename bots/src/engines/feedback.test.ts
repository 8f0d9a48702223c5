import { expect, test } from 'vitest'
import { RtcpPacketConverter, RtcpTransportLayerFeedback, TransportWideCC } from 'werift'
import { makeArrivals, transportFeedback } from './feedback.ts'

/** Read as another implementation does. */
function read(bytes: Buffer): TransportWideCC {
  const [packet] = RtcpPacketConverter.deSerialize(bytes)
  if (!(packet instanceof RtcpTransportLayerFeedback)) throw new Error('no feedback')
  if (!(packet.feedback instanceof TransportWideCC)) throw new Error('not transport-wide')
  return packet.feedback
}

test('feedback says which packets came and when', () => {
  const arrivals = [
    { number: 65_535, atMs: 1_000 },
    { number: 65_537, atMs: 1_001.5 },
    { number: 65_538, atMs: 1_200 },
    { number: 65_539, atMs: 1_199 },
  ]
  const options = { senderSsrc: 7, mediaSsrc: 9, count: 258, first: 65_534, arrivals }
  const feedback = read(transportFeedback(options))
  expect(feedback).toMatchObject({
    senderSsrc: 7,
    mediaSourceSsrc: 9,
    baseSequenceNumber: 65_534,
    packetStatusCount: 6,
    referenceTime: 15,
    fbPktCount: 2,
  })
  // Of the beginning at 15 × 64 ms, and of each other, in µs.
  expect(feedback.recvDeltas.map(({ delta }) => delta)).toEqual([40_000, 1_500, 198_500, -1_000])
})

test('what is missing between two reports is told, what comes after that is not', () => {
  const arrivals = makeArrivals()
  expect(arrivals.take()).toBeNull()
  arrivals.add(65_534, 10)
  arrivals.add(65_535, 11)
  expect(arrivals.take()).toMatchObject({ first: 65_534, arrivals: [{}, {}] })
  arrivals.add(2, 14)
  arrivals.add(1, 15)
  expect(arrivals.take()).toEqual({
    first: 65_536,
    arrivals: [
      { number: 65_537, atMs: 15 },
      { number: 65_538, atMs: 14 },
    ],
  })
  arrivals.add(0, 30)
  expect(arrivals.take()).toBeNull()
})
