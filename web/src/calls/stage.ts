import { gridLayout } from './grid-layout.ts'
import type { Tile } from './tiles.ts'

export type Layout = 'grid' | 'speaker'

/** What is shown large, if anything, and what stands in the grid or strip. */
export type Stage = { main: Tile | null; rest: Tile[] }

type Wish = {
  layout: Layout
  /** Key of the tile that the user keeps large. */
  pinned: string | null
  /** Who speaks, or spoke last. */
  speakerId: string | null
}

/**
 * Who is shown large: the pinned tile; in the speaker view else a screen that
 * is watched, who speaks, or anybody. A tile that is gone is pinned no longer.
 */
export function arrange(tiles: Tile[], { layout, pinned, speakerId }: Wish): Stage {
  const main = tiles.find(({ key }) => key === pinned) ?? (layout === 'speaker' ? mainOf() : null)
  return { main, rest: tiles.filter((tile) => tile !== main) }

  function mainOf(): Tile | null {
    const screen = tiles.find(({ source, video, own }) => source === 'screen' && video && !own)
    const speaker = tiles.find(({ source, userId }) => source === 'camera' && userId === speakerId)
    return screen ?? speaker ?? tiles[0] ?? null
  }
}

/** The most tiles that stand on one page, however large. */
const tilesMax = 49
/** A face is still told from another at this width, in pixels. */
const tileWidthMin = 140

/** How many tiles a page holds in a box of this size. */
export function tilesPerPage(width: number, height: number, gap: number): number {
  let fit = 1
  for (let count = 2; count <= tilesMax; count++) {
    if (gridLayout(count, width, height, gap).width >= tileWidthMin) fit = count
  }
  return fit
}

export type Room = { width: number; height: number }

/** Share of the room's height that the strip beside a large tile takes, and its bounds in pixels. */
const strip = { share: 0.2, min: 72, max: 132 }
/** At least so many tiles of the strip fit side by side, however narrow the room. */
const stripTilesMin = 3
const aspect = 16 / 9

/** What stands how large; sizes in whole pixels, `gap` between tiles. */
export type StageSizes = {
  /** The large tile, if there is one. */
  main: Room | null
  /** How many of the other tiles fit at once. */
  perPage: number
  /** The size of each of `shown` other tiles. */
  tile(shown: number): Room
}

/** Divide a room between a large tile, if any, and `count` others. */
export function stageSizes(
  { width, height }: Room,
  gap: number,
  hasMain: boolean,
  count: number,
): StageSizes {
  if (!hasMain) {
    const perPage = tilesPerPage(width, height, gap)
    return { main: null, perPage, tile: (shown) => gridLayout(shown, width, height, gap) }
  }
  const across = (width - gap * (stripTilesMin - 1)) / stripTilesMin
  const wanted = Math.min(strip.max, Math.max(strip.min, height * strip.share))
  const low = Math.max(0, Math.floor(Math.min(wanted, across / aspect)))
  const small = { width: Math.floor(low * aspect), height: low }
  const left = count > 0 ? height - low - gap : height
  const main = {
    width: Math.floor(Math.max(0, Math.min(width, left * aspect))),
    height: Math.floor(Math.max(0, left)),
  }
  const perPage = Math.max(1, Math.floor((width + gap) / (small.width + gap)))
  return { main, perPage, tile: () => small }
}

/** The tiles of a page, counted from 0; a page that is no more is the last one. */
export function pageOf<Item>(
  items: Item[],
  page: number,
  perPage: number,
): { items: Item[]; page: number; pages: number } {
  const pages = Math.max(1, Math.ceil(items.length / perPage))
  const at = Math.min(Math.max(0, page), pages - 1)
  return { items: items.slice(at * perPage, (at + 1) * perPage), page: at, pages }
}
