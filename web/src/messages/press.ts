const holdMs = 450
const driftPx = 10

/** Calls `open` on a right click, or when a finger rests on the element. */
export function makePress(open: (at: DOMRect) => void) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let start = { x: 0, y: 0 }
  const stop = () => clearTimeout(timer)
  const point = (event: MouseEvent) => new DOMRect(event.clientX, event.clientY, 0, 0)
  return {
    onPointerDown(event: PointerEvent) {
      if (event.pointerType !== 'touch') return
      start = { x: event.clientX, y: event.clientY }
      stop()
      timer = setTimeout(() => open(point(event)), holdMs)
    },
    onPointerMove(event: PointerEvent) {
      if (Math.hypot(event.clientX - start.x, event.clientY - start.y) > driftPx) stop()
    },
    onPointerUp: stop,
    onPointerCancel: stop,
    onContextMenu(event: MouseEvent) {
      stop()
      const { target } = event
      if (target instanceof Element && target.closest('a')) return
      event.preventDefault()
      open(point(event))
    },
  }
}
