const gapPx = 8

/** Stand a fixed box above its anchor, or below where there is no room, within the window. */
export function placeBeside(box: HTMLElement, anchor: DOMRect): void {
  const { offsetWidth: width, offsetHeight: height } = box
  const above = anchor.top - height - gapPx
  const top = above >= gapPx ? above : anchor.bottom + gapPx
  const clamp = (at: number, room: number) => Math.max(gapPx, Math.min(at, room - gapPx))
  box.style.left = `${clamp(anchor.left, innerWidth - width)}px`
  box.style.top = `${clamp(top, innerHeight - height)}px`
}
