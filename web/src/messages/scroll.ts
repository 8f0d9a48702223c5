import { type Accessor, createEffect, createSignal, onCleanup } from 'solid-js'
import { endZone } from './anchor.ts'
import { type View, viewOf } from './view.ts'
import { createVirtualSlots, type Held } from './virtual-slots.ts'

/** How near an end of the list the next page is fetched, in pixels. */
const foresight = 800
/** How long a message is in sight before it counts as seen, in milliseconds. */
const seenMs = 250
/** How long the day stays in sight after scrolling, in milliseconds. */
const dayMs = 1_200

type ScrollOptions = {
  held: Accessor<Held>
  /** Keys of slots that stay on the page though out of view. */
  kept: Accessor<readonly string[]>
  onNearTop: () => void
  onNearEnd: () => void
  /** All up to this `seq` has been in sight, or was passed over. */
  onSeen: (seq: number) => void
}

/**
 * Where a growing list stands: it follows its end while the reader is there,
 * and else stays on what is being read, whatever happens around it.
 */
export function createScroll({ held, kept, onNearTop, onNearEnd, onSeen }: ScrollOptions) {
  const [atEnd, setAtEnd] = createSignal(true)
  const [view, setView] = createSignal<View>({ seen: null, day: null, under: null, push: 0 })
  const [moving, setMoving] = createSignal(false)
  let box: HTMLElement | undefined
  let edge = 0
  let frame = 0
  let seenTimer: ReturnType<typeof setTimeout> | undefined
  let dayTimer: ReturnType<typeof setTimeout> | undefined
  const list = createVirtualSlots({ scroller: () => box ?? null, held, kept })

  const look = () => {
    frame = 0
    if (!box || list.placed().length === 0) return
    const { scrollTop: top, scrollHeight, clientHeight } = box
    const below = scrollHeight - top - clientHeight
    setAtEnd(below < endZone)
    setView(viewOf(list.placed(), top, top + clientHeight))
    seenTimer ??= setTimeout(() => {
      seenTimer = undefined
      const { seen } = view()
      if (seen !== null) onSeen(seen)
    }, seenMs)
    if (top < foresight) onNearTop()
    if (below < foresight) onNearEnd()
  }
  /** Once the list has taken note of where it stands. */
  const lookSoon = () => {
    frame ||= requestAnimationFrame(look)
  }

  createEffect(() => {
    list.placed()
    list.height()
    lookSoon()
  })
  const observer = new ResizeObserver(() => {
    if (!box) return
    const before = edge
    edge = box.getBoundingClientRect().top
    list.onResize(edge - before)
    lookSoon()
  })
  onCleanup(() => {
    observer.disconnect()
    cancelAnimationFrame(frame)
    clearTimeout(seenTimer)
    clearTimeout(dayTimer)
  })

  return {
    list,
    atEnd,
    view,
    /** The list is being scrolled, or was a moment ago. */
    moving,
    toEnd: list.toEnd,
    lookSoon,
    attach(element: HTMLElement) {
      box = element
      edge = element.getBoundingClientRect().top
      observer.observe(element)
    },
    onScroll() {
      list.onScroll()
      lookSoon()
      setMoving(true)
      clearTimeout(dayTimer)
      dayTimer = setTimeout(() => setMoving(false), dayMs)
    },
    /** Bring a slot into the upper part of the view; false when there is none. */
    reveal(matches: (slot: Held['slots'][number]) => boolean): boolean {
      const index = held().slots.findIndex(matches)
      if (index < 0) return false
      list.reveal(index)
      return true
    },
  }
}
