/** How large a picture is on the screen, in device pixels. */
export type Size = { width: number; height: number }

/**
 * What is wanted of somebody's picture: the simulcast layer that its size
 * needs, or null while it is not looked at.
 */
export type WantedLayer = number | null

/** Longest side of each simulcast layer of a 720p camera, in pixels. */
const layerSides = [320, 640, 1280]
/** A layer may be stretched this much before the next one is worth its bitrate. */
const stretchMax = 1.25
/** Going down waits until the picture is this much smaller than where going up was, or an edge would flicker. */
const fallAt = 0.9

/** The simulcast layer for a picture of this size; `before` is the one that is shown now. */
export function layerFor(size: Size, before: WantedLayer = null): number {
  const side = Math.max(size.width, size.height)
  const needed = (pixels: number) => {
    const found = layerSides.findIndex((layer) => pixels <= layer * stretchMax)
    return found === -1 ? layerSides.length - 1 : found
  }
  const layer = needed(side)
  if (before === null || layer >= before) return layer
  return Math.min(before, needed(side / fallAt))
}
