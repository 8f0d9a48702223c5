import './Tooltip.css'
import { createSignal, type JSX, onCleanup, Show } from 'solid-js'
import { Portal } from 'solid-js/web'

const delayMs = 450
const gapPx = 8

type TriggerProps = {
  onPointerEnter: (event: PointerEvent & { currentTarget: HTMLElement }) => void
  onPointerLeave: () => void
  onPointerDown: () => void
  onFocus: (event: FocusEvent & { currentTarget: HTMLElement }) => void
  onBlur: () => void
}

/**
 * A hint beside a control, for the mouse and for the keyboard; the control
 * itself carries the accessible name. It takes no keys: Escape is the dialog's.
 */
export function Tooltip(props: {
  text: string
  side?: 'top' | 'bottom' | undefined
  children: (trigger: TriggerProps) => JSX.Element
}) {
  const [target, setTarget] = createSignal<DOMRect | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  const hide = () => {
    clearTimeout(timer)
    setTarget(null)
  }
  const show = (control: HTMLElement) => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (control.isConnected) setTarget(control.getBoundingClientRect())
    }, delayMs)
  }
  onCleanup(() => clearTimeout(timer))
  const trigger: TriggerProps = {
    onPointerEnter: (event) => event.pointerType === 'mouse' && show(event.currentTarget),
    onPointerLeave: hide,
    onPointerDown: hide,
    onFocus: ({ currentTarget }) => currentTarget.matches(':focus-visible') && show(currentTarget),
    onBlur: hide,
  }
  return (
    <>
      {props.children(trigger)}
      <Show when={target()}>
        {(rect) => <Hint text={props.text} rect={rect()} below={props.side === 'bottom'} />}
      </Show>
    </>
  )
}

function Hint(props: { text: string; rect: DOMRect; below: boolean }) {
  const place = (hint: HTMLElement) =>
    requestAnimationFrame(() => {
      const { width, height } = hint.getBoundingClientRect()
      const { left, top, bottom, width: target } = props.rect
      const x = Math.min(left + (target - width) / 2, innerWidth - width - gapPx)
      hint.style.left = `${Math.max(gapPx, x)}px`
      hint.style.top = `${props.below ? bottom + gapPx : top - height - gapPx}px`
      hint.style.visibility = 'visible'
    })
  return (
    <Portal>
      <div class="tooltip" ref={place} aria-hidden="true">
        {props.text}
      </div>
    </Portal>
  )
}
