import { createSignal, onCleanup, onMount } from 'solid-js'

type Box = { left: number; top: number; width: number }
type View = { width: number; height: number }

/** How much of the handle stays in the view, from its left and from its right; CSS pixels. */
const reach = 140
/** Height of the handle, which is the upper edge of what is moved. */
const handle = 64

/** How far to push a box back so that its handle can be reached; zeros when it can. */
export function pushIntoView({ left, top, width }: Box, view: View): { x: number; y: number } {
  const shown = Math.min(reach, width)
  const x = Math.max(shown - (left + width), Math.min(0, view.width - shown - left))
  const y = Math.max(-top, Math.min(0, view.height - handle - top))
  return { x, y }
}

/**
 * Move something by dragging its handle. The offset is where it has been
 * moved to from its own place; its handle never leaves the view, also when the
 * window becomes smaller.
 */
export function createDrag(moved: () => HTMLElement | undefined) {
  const [offset, setOffset] = createSignal({ x: 0, y: 0 })
  let stop: (() => void) | null = null

  const view = () => ({ width: innerWidth, height: innerHeight })

  const start = (event: PointerEvent) => {
    const target = moved()
    const onControl = event.target instanceof Element && event.target.closest('button')
    if (!target || event.button !== 0 || onControl) return
    stop?.()
    const { left, top, width } = target.getBoundingClientRect()
    const from = offset()
    const move = ({ clientX, clientY }: PointerEvent) => {
      const [x, y] = [clientX - event.clientX, clientY - event.clientY]
      const push = pushIntoView({ left: left + x, top: top + y, width }, view())
      setOffset({ x: from.x + x + push.x, y: from.y + y + push.y })
    }
    stop = () => {
      removeEventListener('pointermove', move)
      removeEventListener('pointerup', end)
      removeEventListener('pointercancel', end)
      stop = null
    }
    const end = () => stop?.()
    addEventListener('pointermove', move)
    addEventListener('pointerup', end)
    addEventListener('pointercancel', end)
  }

  const settle = () => {
    const box = moved()?.getBoundingClientRect()
    if (!box || box.width === 0) return
    const push = pushIntoView(box, view())
    if (push.x !== 0 || push.y !== 0) {
      setOffset(({ x, y }) => ({ x: x + push.x, y: y + push.y }))
    }
  }
  addEventListener('resize', settle)
  // It stands in the middle: what makes it larger moves its upper edge as well.
  const observer = new ResizeObserver(settle)
  onMount(() => {
    const target = moved()
    if (target) observer.observe(target)
  })
  onCleanup(() => {
    observer.disconnect()
    removeEventListener('resize', settle)
    stop?.()
  })
  return { offset, start }
}
