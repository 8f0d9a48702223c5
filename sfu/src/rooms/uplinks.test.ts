import type { Uplink } from '@beseda/protocol/signalling'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { judgeUplink, lookEveryMs, type UplinkCounts, UplinkWatch } from './uplinks.ts'

const clean: UplinkCounts = { bytes: 1_000, loss: 0, scores: [[10]] }

test.each<[what: string, counts: Partial<UplinkCounts>, silences: number, judged: unknown]>([
  ['all is well', {}, 0, null],
  ['a little loss, repaired', { loss: 0.01 }, 0, null],
  ['loss', { loss: 0.05, scores: [[10]] }, 0, { loss: 0.05, score: 10 }],
  ['what is not repaired', { scores: [[10], [5, 7, 0]] }, 0, { loss: 0, score: 7 }],
  ['layers that rest', { scores: [[10, 0, 0]] }, 0, null],
  ['nothing runs yet', { scores: [[0], []] }, 0, null],
  ['one look without a byte', {}, 1, null],
  ['cut off', {}, 2, { loss: 1, score: 0 }],
])('%s', (_, counts, silences, judged) => {
  expect(judgeUplink({ ...clean, ...counts }, silences)).toEqual(judged)
})

let seen: Record<string, UplinkCounts>
let told: Uplink[][]
let watch: UplinkWatch
beforeEach(() => {
  vi.useFakeTimers()
  seen = {}
  told = []
  watch = new UplinkWatch({
    look: async () => Object.entries(seen).map(([userId, counts]) => ({ userId, counts })),
    tell: (troubled) => told.push(troubled),
  })
})
afterEach(() => {
  watch.close()
  vi.useRealTimers()
})
const look = (counts: Record<string, UplinkCounts>) => {
  seen = counts
  return vi.advanceTimersByTimeAsync(lookEveryMs)
}

test('trouble is told for as long as it lasts, and once that it is over', async () => {
  await look({ anna: clean })
  expect(told).toEqual([])
  const lossy = { bytes: 2_000, loss: 0.1, scores: [[9]] }
  await look({ anna: lossy })
  await look({ anna: { ...lossy, bytes: 3_000 } })
  await look({ anna: { ...clean, bytes: 4_000 } })
  await look({ anna: { ...clean, bytes: 5_000 } })
  const trouble = [{ userId: 'anna', loss: 0.1, score: 9 }]
  expect(told).toEqual([trouble, trouble, []])
})

test('who sent and sends no more is cut off, who never sent is not', async () => {
  const silent = { ...clean, bytes: 0 }
  for (let looks = 0; looks < 3; looks++) await look({ anna: clean, boris: silent })
  expect(told).toEqual([[{ userId: 'anna', loss: 1, score: 0 }]])
})

test('a pause is no silence', async () => {
  await look({ anna: clean })
  await look({ anna: clean })
  await look({})
  await look({ anna: clean })
  expect(told).toEqual([])
})
