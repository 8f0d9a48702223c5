import './Menu.css'
import './Popover.css'
import { Popover as Base } from '@kobalte/core/popover'
import { createSignal, type JSX } from 'solid-js'

/** A small panel that opens from a round button and closes on Escape or a click elsewhere. */
export function Popover(props: {
  label: string
  icon: JSX.Element
  children: (close: () => void) => JSX.Element
}) {
  const [open, setOpen] = createSignal(false)
  return (
    <Base gutter={6} open={open()} onOpenChange={setOpen}>
      <Base.Trigger class="popover__button" aria-label={props.label}>
        {props.icon}
      </Base.Trigger>
      <Base.Portal>
        <Base.Content class="menu popover" aria-label={props.label}>
          {props.children(() => setOpen(false))}
        </Base.Content>
      </Base.Portal>
    </Base>
  )
}
