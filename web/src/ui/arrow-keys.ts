/** Up and down move the focus among the links, buttons and boxes of a list; Home and End jump. */
export function moveByArrows(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('a[href], button, input')]
  const at = stops.findIndex((stop) => stop.matches(':focus'))
  const targets: Record<string, number> = {
    ArrowDown: Math.min(at + 1, stops.length - 1),
    ArrowUp: Math.max(at - 1, 0),
    Home: 0,
    End: stops.length - 1,
  }
  const target = targets[event.key]
  if (target === undefined) return
  event.preventDefault()
  stops[target]?.focus()
}

/** Put the focus on the first stop of a list. */
export function focusFirst(list: HTMLElement | undefined): void {
  list?.querySelector<HTMLElement>('a[href], button, input')?.focus()
}
