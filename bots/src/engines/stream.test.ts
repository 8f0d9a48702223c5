import { beforeEach, expect, test } from 'vitest'
import { RTP_EXTENSION_URI, type RtpHeader } from 'werift'
import type { Recording } from '../media/ivf.ts'
import { makeStream } from './stream.ts'
import type { Wire } from './wire.ts'

const picture: Recording = {
  codec: 'VP80',
  width: 320,
  height: 180,
  frameMs: 40,
  frames: [Buffer.alloc(1_500, 1), Buffer.alloc(100, 2), Buffer.alloc(100, 3)],
}
const sound: Recording = { ...picture, codec: 'OPUS', frameMs: 20, frames: [Buffer.alloc(80, 1)] }

/** Of all streams of a connection, for the estimate of its bandwidth. */
const wideNumber = 2

let sent: { header: RtpHeader; payload: Buffer }[] = []
let reports = 0
let active = true
const wire = () =>
  ({
    ssrc: 7,
    payloadType: 96,
    mid: '0',
    extensionIds: new Map([[RTP_EXTENSION_URI.transportWideCC, wideNumber]]),
    isActive: () => active,
    transport,
  }) as unknown as Wire
const transport = {
  transportSequenceNumber: 0,
  sendRtp: (payload: Buffer, header: RtpHeader) =>
    sent.push({ header: { ...header } as RtpHeader, payload }),
  sendRtcp: () => reports++,
}

beforeEach(() => {
  sent = []
  reports = 0
  active = true
})

/** Which frame each packet belongs to, by what it is filled with. */
const frames = () => sent.map(({ payload }) => payload.at(-1))

test('a frame goes out in packets of one time, the last one marked, with a report each second', () => {
  const stream = makeStream({ recording: picture, rid: null, wire })
  for (const now of [0, 40, 80, 120]) stream.sendFrame(now)
  expect(frames()).toEqual([1, 1, 2, 3, 1, 1])
  expect(sent.map(({ header }) => header.marker)).toEqual([false, true, true, true, false, true])
  expect(sent.map(({ header }) => header.timestamp)).toEqual([0, 0, 3_600, 7_200, 10_800, 10_800])
  expect(new Set(sent.map(({ header }) => header.ssrc))).toEqual(new Set([7]))
  expect(reports).toBe(1)
  stream.sendFrame(1_000)
  expect(reports).toBe(2)
})

test('who asks for a key frame gets it next, but not all the time', () => {
  const stream = makeStream({ recording: picture, rid: null, wire })
  stream.sendFrame(0)
  stream.restart(40)
  stream.sendFrame(40)
  expect(frames()).toEqual([1, 1, 1, 1])
  stream.restart(80)
  stream.sendFrame(80)
  expect(frames()).toEqual([1, 1, 1, 1, 2])
  stream.restart(340)
  stream.sendFrame(340)
  expect(frames()).toEqual([1, 1, 1, 1, 2, 1, 1])
})

test('what was lost is sent again as it was, as a new packet of the connection', () => {
  const stream = makeStream({ recording: picture, rid: null, wire })
  stream.sendFrame(0)
  stream.sendFrame(40)
  const [, second] = sent
  const number = second?.header.sequenceNumber ?? 0
  sent = []
  stream.repeat([number, (number + 1_000) & 0xffff])
  const [again] = sent
  expect(sent).toEqual([
    { ...second, header: { ...second?.header, extensions: again?.header.extensions } },
  ])
  expect(again?.header.extensions).toEqual([
    { id: wideNumber, payload: Buffer.from([0, transport.transportSequenceNumber]) },
  ])
  expect(again?.header.extensions).not.toEqual(second?.header.extensions)
})

test('a layer that nobody wants is not sent, and begins with its key frame when it is', () => {
  const stream = makeStream({ recording: picture, rid: 'r1', wire })
  stream.sendFrame(0)
  stream.sendFrame(40)
  active = false
  stream.sendFrame(80)
  expect(frames()).toEqual([1, 1, 2])
  active = true
  stream.sendFrame(120)
  expect(frames()).toEqual([1, 1, 2, 1, 1])
  expect(stream.ssrc()).not.toBe(7)
})

test('silence is a packet now and then; the first one of a voice is marked', () => {
  const stream = makeStream({ recording: sound, rid: null, wire })
  for (let now = 0; now < 1_000; now += 20) stream.sendFrame(now)
  expect(sent).toHaveLength(3)
  sent = []
  stream.setTalking(true)
  for (let now = 1_000; now < 1_100; now += 20) stream.sendFrame(now)
  expect(sent.map(({ header }) => header.marker)).toEqual([true, false, false, false, false])
})
