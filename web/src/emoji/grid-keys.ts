/** Arrow keys move the focus among the buttons of a grid, wherever its lines break. */
export function moveInGrid(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const stops = [...event.currentTarget.querySelectorAll('button')]
  const at = stops.findIndex((stop) => stop.matches(':focus'))
  const top = stops[at]?.offsetTop
  const perLine = stops.filter((stop) => stop.offsetTop === top).length
  const steps: Record<string, number> = {
    ArrowRight: 1,
    ArrowLeft: -1,
    ArrowDown: perLine,
    ArrowUp: -perLine,
  }
  const step = steps[event.key]
  if (at < 0 || step === undefined) return
  event.preventDefault()
  stops[Math.min(Math.max(at + step, 0), stops.length - 1)]?.focus()
}
