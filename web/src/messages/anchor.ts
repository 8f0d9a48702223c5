/**
 * What keeps its place on the screen while the list changes around it: the end,
 * or the upper edge of one slot. Pixels.
 */
export type Anchor =
  | { to: 'end'; gap: number }
  /** `offset` from the upper edge of the view, negative above it. */
  | { to: 'slot'; key: string; offset: number }

/** Where slots are, from the top of what scrolls. */
export type Extent = { key: string; top: number; bottom: number }

/** How near the end still counts as being there, in pixels. */
export const endZone = 80

/** What a reader holds on to who stands at `top`; nothing in an empty list. */
export function anchorAt(
  extents: readonly Extent[],
  { top, view, height, hasNewer }: { top: number; view: number; height: number; hasNewer: boolean },
): Anchor {
  const gap = Math.max(0, height - view - top)
  const cut = extents.findIndex(({ bottom }) => bottom > top)
  const upper = extents[cut]
  if (!upper || (gap < endZone && !hasNewer)) return { to: 'end', gap }
  const next = extents[cut + 1]
  // What is read is the first that is whole, unless one fills the view.
  const held = next && upper.top < top && upper.bottom < top + view ? next : upper
  return { to: 'slot', key: held.key, offset: held.top - top }
}

/** Where the list has to stand for the anchor to be in its place; null when it is there no more. */
export function placeOf(
  anchor: Anchor,
  topOfSlot: (key: string) => number | null,
  { view, height }: { view: number; height: number },
): number | null {
  const most = Math.max(0, height - view)
  if (anchor.to === 'end') return Math.max(0, most - anchor.gap)
  const top = topOfSlot(anchor.key)
  return top === null ? null : Math.min(most, Math.max(0, top - anchor.offset))
}

/** The anchor, or what stands nearest below it or else above it, once slots are gone. */
export function surviving(
  anchor: Anchor,
  extents: readonly Extent[],
  isThere: (key: string) => boolean,
): Anchor {
  if (anchor.to === 'end' || isThere(anchor.key)) return anchor
  const at = extents.findIndex(({ key }) => key === anchor.key)
  const gone = extents[at]
  const heir =
    extents.slice(at + 1).find(({ key }) => isThere(key)) ??
    extents.slice(0, Math.max(0, at)).findLast(({ key }) => isThere(key))
  if (!gone || !heir) return anchor
  return { to: 'slot', key: heir.key, offset: anchor.offset + heir.top - gone.top }
}
