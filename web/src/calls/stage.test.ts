import { expect, test } from 'vitest'
import { arrange, pageOf, stageSizes, tilesPerPage } from './stage.ts'
import type { Tile } from './tiles.ts'

const tile = (userId: string, change: Partial<Tile> = {}): Tile => ({
  key: `${userId} ${change.source ?? 'camera'}`,
  userId,
  name: userId,
  avatarId: null,
  source: 'camera',
  own: false,
  video: null,
  muted: false,
  speaking: false,
  ringing: false,
  handRaisedAt: null,
  offered: false,
  ...change,
})
const picture = {} as MediaStreamTrack
const offered = tile('anna', { source: 'screen', offered: true })
const screen = tile('boris', { source: 'screen', video: picture })
const people = [tile('anna'), tile('boris'), tile('self', { own: true })]
const keyOfMain = (...args: Parameters<typeof arrange>) => arrange(...args).main?.key

test.each<[string, Tile[], Partial<Parameters<typeof arrange>[1]>, string | undefined]>([
  ['nobody in the grid', people, {}, undefined],
  ['the pinned one in the grid', people, { pinned: 'boris camera' }, 'boris camera'],
  ['nobody once the pinned one is gone', people, { pinned: 'gleb camera' }, undefined],
  ['who speaks', people, { layout: 'speaker', speakerId: 'boris' }, 'boris camera'],
  ['somebody while nobody speaks', people, { layout: 'speaker' }, 'anna camera'],
  [
    'a screen that is watched before who speaks',
    [offered, screen, ...people],
    { layout: 'speaker', speakerId: 'anna' },
    'boris screen',
  ],
  [
    'no screen that is not watched',
    [offered, ...people],
    { layout: 'speaker', speakerId: 'boris' },
    'boris camera',
  ],
  [
    'the pinned one before all',
    [screen, ...people],
    { layout: 'speaker', speakerId: 'boris', pinned: 'anna camera' },
    'anna camera',
  ],
])('shows large %s', (_, tiles, wish, expected) => {
  const all = { layout: 'grid' as const, pinned: null, speakerId: null, ...wish }
  expect(keyOfMain(tiles, all)).toBe(expected)
  expect(arrange(tiles, all).rest).toHaveLength(tiles.length - (expected ? 1 : 0))
})

test('a page holds what can still be told apart', () => {
  expect(tilesPerPage(1880, 900, 12)).toBe(49)
  expect(tilesPerPage(366, 600, 12)).toBe(12)
  expect(tilesPerPage(100, 100, 12)).toBe(1)
})

test('a large tile leaves room for a strip of the others, and takes all when it is alone', () => {
  const room = { width: 1000, height: 600 }
  const { main, perPage, tile: size } = stageSizes(room, 12, true, 5)
  expect(size(5)).toEqual({ width: 213, height: 120 })
  expect(main).toEqual({ width: 832, height: 468 })
  expect(perPage).toBe(4)
  expect(stageSizes(room, 12, true, 0).main).toEqual({ width: 1000, height: 600 })
  const phone = stageSizes({ width: 366, height: 600 }, 12, true, 3)
  expect(phone.main?.width).toBe(366)
  expect(phone.tile(3)).toEqual({ width: 113, height: 64 })
  expect(phone.perPage).toBe(3)
  expect(stageSizes({ width: 0, height: 0 }, 12, true, 3).main).toEqual({ width: 0, height: 0 })
})

test('cuts a list into pages and stays within them', () => {
  const items = Array.from({ length: 21 }, (_, index) => index)
  expect(pageOf(items, 0, 10)).toMatchObject({ page: 0, pages: 3, items: items.slice(0, 10) })
  expect(pageOf(items, 7, 10)).toEqual({ page: 2, pages: 3, items: [20] })
  expect(pageOf(items, -1, 49)).toMatchObject({ page: 0, pages: 1 })
  expect(pageOf([], 0, 49)).toEqual({ page: 0, pages: 1, items: [] })
})
