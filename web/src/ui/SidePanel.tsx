import './SidePanel.css'
import X from 'lucide-solid/icons/x'
import { type JSX, onCleanup, onMount } from 'solid-js'
import { IconButton } from './IconButton.tsx'

/** A panel beside the main column; it takes the focus, and gives it back when it goes. */
export function SidePanel(props: {
  title: string
  note?: string | undefined
  /** Buttons beside the one that closes it. */
  actions?: JSX.Element | undefined
  closeLabel: string
  onClose: () => void
  children: JSX.Element
}) {
  let panel: HTMLElement | undefined
  onMount(() => {
    const before = document.activeElement
    panel?.focus()
    onCleanup(() => before instanceof HTMLElement && before.focus())
  })
  return (
    <aside
      class="side-panel"
      ref={panel}
      tabindex="-1"
      aria-label={props.title}
      onKeyDown={(event) => {
        // Keys pressed in a menu or dialog that was opened from here come by too.
        const isOwn = event.target instanceof Node && panel?.contains(event.target)
        if (event.key === 'Escape' && isOwn) props.onClose()
      }}
    >
      <header class="side-panel__header">
        <div>
          <h2>{props.title}</h2>
          <p>{props.note}</p>
        </div>
        {props.actions}
        <IconButton label={props.closeLabel} side="bottom" onClick={props.onClose}>
          <X aria-hidden="true" />
        </IconButton>
      </header>
      {props.children}
    </aside>
  )
}
