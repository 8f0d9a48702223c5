import { expect, test } from 'vitest'
import { makeCounter } from './counter.ts'

const sound = { marker: false, keyFrameWidth: null, bytes: 80 }

/** Packets of sound that arrive `late` ms after their time. */
function hear(packets: [sequence: number, late?: number, silentMs?: number][]) {
  return listen(packets).counts()
}

function listen(packets: [sequence: number, late?: number, silentMs?: number][]) {
  const counter = makeCounter('audio')
  for (const [sequence, late = 0, silentMs = 0] of packets) {
    const time = sequence * 20 + silentMs
    counter.add({
      now: 1_000 + time + late,
      sequenceNumber: sequence & 0xffff,
      timestamp: (time * 48) >>> 0,
      ...sound,
    })
  }
  return counter
}

test('what comes as it was sent has no loss, no jitter and no gap', () => {
  const counts = hear([[1], [2], [3], [4]])
  expect(counts).toMatchObject({ packets: 4, bytes: 320, lost: 0, jitterMs: 0, longestGapMs: 20 })
})

test('a packet that never comes is lost, one that comes late or twice is not', () => {
  expect(hear([[1], [2], [5], [4], [4], [6]])).toMatchObject({
    packets: 5,
    lost: 1,
    repaired: 1,
  })
})

test('sound that comes too late to be heard stays lost, a picture does not', () => {
  const times: [sequence: number, late: number][] = [
    [1, 0],
    [3, 0],
    [2, 380],
    [6, 0],
    [5, 460],
  ]
  expect(hear(times)).toMatchObject({ packets: 4, repaired: 1, lost: 2 })
  const counter = makeCounter('video')
  for (const [sequenceNumber, late] of times) {
    const now = 1_000 + sequenceNumber * 20 + late
    counter.add({ now, sequenceNumber, timestamp: 0, ...sound })
  }
  expect(counter.counts()).toMatchObject({ packets: 5, repaired: 2, lost: 1 })
})

test('sequence numbers go on after 65535', () => {
  const packets = Array.from({ length: 6 }, (_, index) => [65_533 + index] as [number])
  expect(hear(packets)).toMatchObject({ packets: 6, lost: 0 })
  expect(hear([[65_533], [65_538]])).toMatchObject({ packets: 2, lost: 4 })
})

test('jitter is that of RFC 3550', () => {
  // Once 16 ms late and then in time: 16/16, and 16 more by the same share.
  expect(hear([[1], [2, 16], [3]]).jitterMs).toBeCloseTo(1 + 15 / 16)
})

test('silence is no gap, a hole in the sound is one', () => {
  expect(hear([[1], [2], [3, 0, 380], [4, 0, 380]]).longestGapMs).toBe(20)
  expect(hear([[1], [2], [12]])).toMatchObject({ longestGapMs: 200, lost: 9 })
  expect(hear([[1], [2], [3, 300]]).longestGapMs).toBe(320)
  // One packet lost while the other is silent is 20 ms of sound at most.
  expect(hear([[1], [2], [4, 0, 760]])).toMatchObject({ longestGapMs: 40, lost: 1 })
})

test('sound that stops is missed until its track ends, longer than silence may last', () => {
  const counter = listen([[1], [2], [3]])
  counter.interrupt(1_060 + 400)
  expect(counter.counts().longestGapMs).toBe(20)
  const broken = listen([[1], [2], [3]])
  broken.interrupt(1_060 + 3_000)
  expect(broken.counts().longestGapMs).toBe(2_620)
})

test('what was muted is not missed', () => {
  const counter = listen([[1], [2]])
  counter.interrupt(1_041)
  counter.add({ now: 9_000, sequenceNumber: 3, timestamp: 2_880, ...sound })
  counter.add({ now: 9_020, sequenceNumber: 4, timestamp: 3_840, ...sound })
  expect(counter.counts()).toMatchObject({ longestGapMs: 20, packets: 4, lost: 0 })
})

test('key frames are seen, and with them changes of size', () => {
  const counter = makeCounter('video')
  const add = (index: number, keyFrameWidth: number | null) =>
    counter.add({
      now: index * 40,
      sequenceNumber: index,
      timestamp: index * 3_600,
      marker: true,
      keyFrameWidth,
      bytes: 100,
    })
  for (const [index, width] of [320, null, 320, null, 1280].entries()) add(index, width)
  expect(counter.counts()).toMatchObject({
    keyFrames: 3,
    switches: 1,
    width: 1280,
    firstFrameAt: 0,
    frames: 5,
  })
  expect(counter.stuckMs(5_000)).toBe(0)
  add(6, null)
  expect(counter.stuckMs(1_160)).toBe(1_000)
})
