import { expect, test } from 'vitest'
import { makeAssembly, makeScreening } from './frames.ts'

/** Frames shown so many ms after each other. */
function show(durations: number[]) {
  const screening = makeScreening()
  let now = 0
  screening.show(now)
  for (const duration of durations) {
    now += duration
    screening.show(now)
  }
  return { ...screening, now }
}
const even = Array.from({ length: 29 }, () => 40)

test('a steady picture has no freeze, a late frame that is no 150 ms late is none either', () => {
  expect(show(even).counts()).toMatchObject({ frames: 30, freezes: 0, watchedMs: 29 * 40 })
  // The average is 46 ms then, so that 197 ms are a freeze.
  expect(show([...even, 195]).counts().freezes).toBe(0)
  expect(show([...even, 240]).counts()).toMatchObject({ freezes: 1, frozenMs: 240 })
})

test('of a slow picture three average frames are a freeze', () => {
  const slow = Array.from({ length: 29 }, () => 200)
  expect(show([...slow, 600]).counts().freezes).toBe(0)
  expect(show([...slow, 660]).counts()).toMatchObject({ freezes: 1, longestFreezeMs: 660 })
})

test('a picture that stands until its end is frozen, one that was switched off is not', () => {
  const { now, interrupt, show: next, counts } = show(even)
  interrupt(now + 40)
  next(now + 5_000)
  expect(counts().freezes).toBe(0)
  interrupt(now + 6_000)
  expect(counts()).toMatchObject({ freezes: 1, frozenMs: 1_000 })
})

/** Packets as `k` (starts a key frame) and `.` (ends a frame) by their numbers; how many frames each sets free. */
const assemble = (packets: [sequence: number, flags?: string][]) => {
  const assembly = makeAssembly()
  const frames = packets.map(([sequence, flags = '']) =>
    assembly.add({
      sequence,
      startsKeyFrame: flags.includes('k'),
      endsFrame: flags.includes('.'),
    }),
  )
  return { frames, stuck: assembly.isStuck() }
}

test('frames are shown when they are whole', () => {
  expect(assemble([[1, 'k'], [2, '.'], [3], [4, '.'], [5, '.']])).toEqual({
    frames: [0, 1, 0, 1, 1],
    stuck: false,
  })
})

test('nothing is shown before a key frame', () => {
  expect(assemble([[1], [2, '.'], [3, 'k.'], [4, '.']])).toEqual({
    frames: [0, 0, 1, 1],
    stuck: false,
  })
})

test('frames wait for what is missing, and for nothing that a key frame makes up for', () => {
  expect(
    assemble([
      [1, 'k.'],
      [3, '.'],
      [4, '.'],
    ]),
  ).toEqual({ frames: [1, 0, 0], stuck: true })
  expect(
    assemble([
      [1, 'k.'],
      [3, '.'],
      [2, '.'],
    ]).frames,
  ).toEqual([1, 0, 2])
  expect(assemble([[1, 'k.'], [3, '.'], [4, 'k'], [6, '.'], [5], [2, '.']])).toEqual({
    frames: [1, 0, 0, 0, 1, 0],
    stuck: false,
  })
})
