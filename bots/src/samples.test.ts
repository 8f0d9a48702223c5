import { expect, test } from 'vitest'
import type { Share } from './messages.ts'
import type { Sample } from './outcome.ts'
import { makeSamples } from './samples.ts'

const share = (nth: number, kbps: number, more: Partial<Share> = {}): Share => ({
  nth,
  joined: 1,
  failures: 0,
  mediaMs: [],
  seconds: [{ kbps, layers: { 640: 1 } }],
  packets: nth * 100,
  lost: 0,
  freezes: 0,
  jitterMs: [kbps / 100],
  lagMs: kbps / 10,
  cpuPercent: 20,
  memoryMb: 90,
  ...more,
})

function start() {
  const seen: Sample[] = []
  const hands = [[1], [0]]
  const onSample = (sample: Sample) => void seen.push(sample)
  return { seen, ...makeSamples({ hands, machine: async () => [], onSample }) }
}

test('a sample is what all processes saw in the same second', () => {
  const { seen, seconds, take } = start()
  take(0, share(1, 100, { lost: 4, freezes: 1, failures: 2, mediaMs: [80] }))
  take(0, share(2, 100, { lost: 4, freezes: 1, failures: 2, mediaMs: [80] }))
  expect(seen).toEqual([])
  take(1, share(1, 300, { packets: 96 }))
  expect(seen).toHaveLength(1)
  expect(seen[0]).toMatchObject({
    at: 1,
    joined: 2,
    kbps: 400,
    lossPercent: 2,
    freezes: 1,
    failures: 2,
    // The worst counts.
    lagMs: 30,
    jitterMs: 3,
    mediaMs: 80,
  })
  expect(seen[0]?.processes).toEqual([
    { cpuPercent: 20, memoryMb: 90, lagMs: 10 },
    { cpuPercent: 20, memoryMb: 90, lagMs: 30 },
  ])
  take(1, share(2, 300, { freezes: 2 }))
  // What was told before counts once.
  expect(seen[1]).toMatchObject({ at: 2, lossPercent: 0, freezes: 2, failures: 2 })
  expect(seconds.map((of) => of.map(({ kbps }) => kbps))).toEqual([
    [300, 300],
    [100, 100],
  ])
})

test('one that was too late for a second tells of it with the next', () => {
  const { seen, take } = start()
  for (const nth of [1, 2, 3]) take(0, share(nth, 100))
  take(1, share(1, 200))
  take(1, share(3, 50, { freezes: 3 }))
  expect(seen.map(({ at, kbps }) => [at, kbps])).toEqual([
    [1, 300],
    [2, 150],
    [3, 150],
  ])
  expect(seen.map(({ freezes }) => freezes)).toEqual([0, 3, 0])
})

test('one that has ended is not waited for, and what it said before stays', () => {
  const { seen, seconds, take, end } = start()
  take(0, share(1, 100))
  take(1, share(1, 200, { freezes: 1 }))
  take(0, share(2, 100))
  end(1)
  expect(seen.map(({ kbps }) => kbps)).toEqual([300, 100])
  expect(seen[1]).toMatchObject({ joined: 1, freezes: 0, processes: [{ cpuPercent: 20 }, null] })
  take(0, share(3, 100))
  expect(seconds[0]).toHaveLength(3)
  expect(seconds[0]?.[2]).toEqual({ kbps: 0, layers: {} })
  end(0)
  expect(seen).toHaveLength(3)
})
