import { createSignal } from 'solid-js'

const slotOf = (target: EventTarget | null) =>
  target instanceof Element ? target.closest<HTMLElement>('li[data-index]') : null

/** What takes the focus in a slot: the menu of its message, else the slot itself. */
const stopOf = (slot: HTMLElement) =>
  slot.querySelector<HTMLElement>('.message-tools [aria-haspopup]') ?? slot

/**
 * The focus among the messages of a list: up and down move it to the next
 * message. The one that has it stays on the page, and so does one that plays.
 */
export function createSlotFocus(keyAt: (index: number) => string | undefined) {
  const [focused, setFocused] = createSignal<string | null>(null)
  const [playing, setPlaying] = createSignal<string | null>(null)
  const keyOf = (target: EventTarget | null) => {
    const slot = slotOf(target)
    return (slot && keyAt(Number(slot.dataset.index))) ?? null
  }
  return {
    /** Keys of the slots that had the focus last and played last. */
    kept: () => [focused(), playing()].filter((key) => key !== null),
    onFocusIn: (event: FocusEvent) => setFocused(keyOf(event.target)),
    onPlay: (event: Event) => setPlaying(keyOf(event.target)),
    onKeyDown(event: KeyboardEvent & { currentTarget: HTMLElement }) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
      const { target } = event
      // A player's own keys stay its own.
      if (!step || !(target instanceof Element) || !target.matches('button, a, li')) return
      const slot = slotOf(target)
      if (!slot) return
      const index = Number(slot.dataset.index) + step
      // It comes on the page by being kept, if it is not there yet.
      setFocused((now) => keyAt(index) ?? now)
      const next = event.currentTarget.querySelector<HTMLElement>(`li[data-index="${index}"]`)
      if (!next) return
      event.preventDefault()
      stopOf(next).focus({ preventScroll: true })
      next.scrollIntoView({ block: 'nearest' })
    },
  }
}
