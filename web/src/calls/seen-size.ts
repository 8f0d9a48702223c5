import type { Size } from '@beseda/client/calls/wants'

/**
 * Report how large an element is seen, in device pixels: at once, at every
 * change, and as null while it is scrolled away or its page is hidden. A video
 * in picture-in-picture is seen whatever becomes of its page. Returns the end
 * of it, which reports null.
 */
export function reportSeenSize(
  element: HTMLVideoElement,
  report: (size: Size | null) => void,
): () => void {
  const page = element.ownerDocument
  let onScreen = true

  const tell = () => {
    const floats = page.pictureInPictureElement === element
    if (!floats && (!onScreen || page.visibilityState === 'hidden')) return report(null)
    const ratio = page.defaultView?.devicePixelRatio ?? 1
    const { clientWidth, clientHeight } = element
    report({ width: Math.round(clientWidth * ratio), height: Math.round(clientHeight * ratio) })
  }
  const sizes = new ResizeObserver(tell)
  const places = new IntersectionObserver(([entry]) => {
    onScreen = entry?.isIntersecting ?? true
    tell()
  })
  const pageEvents = ['visibilitychange', 'enterpictureinpicture', 'leavepictureinpicture'] as const
  sizes.observe(element)
  places.observe(element)
  for (const name of pageEvents) page.addEventListener(name, tell)
  tell()

  return () => {
    sizes.disconnect()
    places.disconnect()
    for (const name of pageEvents) page.removeEventListener(name, tell)
    report(null)
  }
}
