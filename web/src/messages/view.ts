import type { Placed } from './virtual-slots.ts'

/** What a reader has before their eyes. */
export type View = {
  /** Newest `seq` that is in sight as a whole, or as far as it fits. */
  seen: number | null
  /** When the uppermost message was written, once the heading of its day is out of sight. */
  day: string | null
  /** Key of the slot whose own heading that day's stands for. */
  under: string | null
  /** How far the next day's heading pushes this one out of the view, in pixels. */
  push: number
}

/** How much of the view the heading of a day takes, in pixels; the style sheet says the same. */
export const dayRoom = 44
/** Rows are placed by whole pixels. */
const slack = 2

/** What is in sight between two heights of what scrolls. */
export function viewOf(placed: readonly Placed[], top: number, bottom: number): View {
  const seen = placed.findLast(
    (one) => one.slot.seq !== null && (one.bottom <= bottom + slack || one.top <= top),
  )
  const upper = placed.find((one) => one.bottom > top)
  const passed = upper !== undefined && upper.top < top ? upper : null
  const next = placed.find((one) => one.slot.day !== null && one.top >= top)
  return {
    seen: seen?.slot.seq ?? null,
    day: passed?.slot.row.at ?? null,
    under: passed?.slot.day ? passed.slot.key : null,
    push: next ? Math.max(0, dayRoom - (next.top - top)) : 0,
  }
}
