import {
  defaultRangeExtractor,
  elementScroll,
  measureElement,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
} from '@tanstack/solid-virtual'
import {
  type Accessor,
  batch,
  createComputed,
  createEffect,
  createSignal,
  onCleanup,
  untrack,
} from 'solid-js'
import { type Anchor, anchorAt, type Extent, endZone, placeOf, surviving } from './anchor.ts'
import { guessHeight, type Slot } from './slots.ts'

/** A slot that is on the page, and where; pixels from the top of what scrolls. */
export type Placed = { slot: Slot; index: number; top: number; bottom: number }

/** What the list holds. */
export type Held = {
  slots: Slot[]
  /** The chat goes on below. */
  hasNewer: boolean
  /** Whether a reader at the end goes along with what was just put there. */
  follows: boolean
  /** Room above the first slot and below the last, in pixels. */
  above: number
  below: number
}

/** So many slots beyond the view are on the page. */
const overscan = 8
/** The browser may round where the list stands. */
const rounding = 1.5

/**
 * Puts only the slots in view on the page. The library measures them and says
 * which those are; what is being read is kept in its place here, by one rule
 * for whatever comes, goes or changes its height: before anything is painted,
 * the list stands where its anchor is where it was.
 */
export function createVirtualSlots(options: {
  scroller: () => HTMLElement | null
  held: Accessor<Held>
  /** Keys of slots that stay on the page though out of view. */
  kept: Accessor<readonly string[]>
}) {
  const { scroller, held, kept } = options
  const [placed, setPlaced] = createSignal<Placed[]>([])
  const [height, setHeight] = createSignal(0)
  let slots: Slot[] = []
  let indexByKey = new Map<string, number>()
  /** A guess is made once: another one would move what stands below. */
  let guesses = new Map<string, number>()
  let anchor: Anchor = { to: 'end', gap: 0 }
  /** Where the list has to stand, and where it was put last. */
  let place: number | null = null
  let put = 0

  const settings = () => {
    const { above, below } = held()
    const keptKeys = kept()
    return {
      count: slots.length,
      getScrollElement: scroller,
      estimateSize: (index: number) => guesses.get(slots[index]?.key ?? '') ?? 0,
      getItemKey: (index: number) => slots[index]?.key ?? index,
      rangeExtractor: (range: Parameters<typeof defaultRangeExtractor>[0]) => {
        const stay = keptKeys.map((key) => indexByKey.get(key)).filter((at) => at !== undefined)
        const indexes = new Set([...defaultRangeExtractor(range), ...stay])
        return [...indexes].sort((a, b) => a - b)
      },
      overscan,
      paddingStart: above,
      paddingEnd: below,
      observeElementRect,
      observeElementOffset,
      // A list that is not shown, as behind a panel, keeps its heights until it is.
      measureElement: (element: HTMLElement, entry: ResizeObserverEntry | undefined): number =>
        element.offsetHeight > 0 ? measureElement(element, entry, list) : heightOf(element),
      scrollToFn: elementScroll,
      onChange: () => publish(),
    }
  }
  const heightOf = (element: HTMLElement) => {
    const index = list.indexFromElement(element)
    return list.measurementsCache[index]?.size ?? 0
  }
  const extents = (): Extent[] =>
    list.measurementsCache.map(({ key, start, end }) => ({
      key: String(key),
      top: start,
      bottom: end,
    }))
  const topOfSlot = (key: string) => {
    const index = indexByKey.get(key)
    return index === undefined ? null : (list.measurementsCache[index]?.start ?? null)
  }
  const room = () => ({ view: scroller()?.clientHeight ?? 0, height: list.getTotalSize() })
  const isAtEnd = () => {
    const { view, height: whole } = room()
    return whole - view - (list.scrollOffset ?? 0) < endZone
  }

  function adopt({ slots: next, follows }: Held) {
    const wasAtEnd = isAtEnd()
    const lastKey = slots.at(-1)?.key
    const known = new Map(next.map(({ key }, index) => [key, index]))
    anchor = surviving(anchor, extents(), (key) => known.has(key))
    guesses = new Map(next.map((slot) => [slot.key, guesses.get(slot.key) ?? guessHeight(slot)]))
    slots = next
    indexByKey = known
    if (follows && wasAtEnd && lastKey !== next.at(-1)?.key) anchor = { to: 'end', gap: 0 }
  }
  const list: Virtualizer<HTMLElement, HTMLElement> = new Virtualizer(settings())
  list.shouldAdjustScrollPositionOnItemSizeChange = () => false

  /** Slots and places are told together, so that a row never shows a neighbour for a moment. */
  function publish() {
    place = placeOf(anchor, topOfSlot, room())
    // So that the rows of that place are on the page when the list is put there.
    if (place !== null) list.scrollOffset = place
    const next = list.getVirtualItems().flatMap(({ index, start: top, end: bottom }) => {
      const slot = slots[index]
      return slot ? [{ slot, index, top, bottom }] : []
    })
    batch(() => {
      setPlaced(next)
      setHeight(list.getTotalSize())
    })
  }

  /** Put the list in its place, once the page has the rows and the height for it. */
  function settle() {
    const box = scroller()
    if (!box || place === null || Math.abs(box.scrollTop - place) < rounding) return
    box.scrollTop = place
    put = box.scrollTop
  }

  createComputed(() => {
    const now = held()
    kept()
    untrack(() => {
      adopt(now)
      list.setOptions(settings())
      publish()
    })
  })
  createEffect(() => {
    placed()
    height()
    untrack(() => {
      list._willUpdate()
      settle()
    })
  })
  onCleanup(list._didMount())

  return {
    /** What is on the page, from top to bottom. */
    placed,
    /** Height of what scrolls, in pixels. */
    height,
    /** A slot's element is on the page; it carries its index as `data-index`. */
    measure: (element: HTMLElement) => list.measureElement(element),
    /** The reader has scrolled, or the list was put somewhere. */
    onScroll() {
      const box = scroller()
      if (!box || Math.abs(box.scrollTop - put) < rounding) return
      put = box.scrollTop
      const stand = { ...room(), top: put, hasNewer: held().hasNewer }
      anchor = anchorAt(extents(), stand)
    },
    /** The view was moved or has another height: `moved` pixels down the screen. */
    onResize(moved: number) {
      if (anchor.to === 'slot') anchor = { ...anchor, offset: anchor.offset - moved }
      publish()
    },
    /** Bring a slot into the upper part of the view. */
    reveal(index: number) {
      const key = slots[index]?.key
      if (key === undefined) return
      anchor = { to: 'slot', key, offset: room().view / 3 }
      publish()
    },
    toEnd() {
      anchor = { to: 'end', gap: 0 }
      publish()
    },
  }
}
