import './Modal.css'
import { Dialog } from '@kobalte/core/dialog'
import X from 'lucide-solid/icons/x'
import { createComputed, type JSX, onCleanup, Show } from 'solid-js'
import { IconButton } from './IconButton.tsx'

/** A dialog over the page: keeps the focus, closes on Escape, gives the focus back. */
export function Modal(props: {
  open: boolean
  onClose: () => void
  title: string
  closeLabel: string
  description?: string | undefined
  /** A control before the title. */
  start?: JSX.Element | undefined
  /** Stays in sight under the scrolling part. */
  footer?: JSX.Element | undefined
  size?: 'large' | 'medium' | 'small' | undefined
  children: JSX.Element
}) {
  let content: HTMLDivElement | undefined
  let opener: Element | null = null
  createComputed(() => {
    if (props.open) opener = document.activeElement
  })
  const focusOpener = () => {
    if (opener instanceof HTMLElement && opener.isConnected) opener.focus()
  }
  // A dialog that is taken away while open gives the focus back too.
  onCleanup(() => props.open && queueMicrotask(focusOpener))
  // The dialog itself, not its first button: that one would show its tooltip.
  const focusContent = (event: Event) => {
    event.preventDefault()
    if (!content?.contains(document.activeElement)) content?.focus()
  }
  return (
    <Dialog open={props.open} onOpenChange={(open) => !open && props.onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay class="modal-scrim" />
        <div class="modal-place">
          <Dialog.Content
            ref={content}
            class="modal"
            data-size={props.size ?? 'medium'}
            tabIndex={-1}
            onOpenAutoFocus={focusContent}
            onCloseAutoFocus={(event) => {
              event.preventDefault()
              focusOpener()
            }}
          >
            <header class="modal__header">
              {props.start}
              <Dialog.Title class="modal__title">{props.title}</Dialog.Title>
              <IconButton label={props.closeLabel} side="bottom" onClick={() => props.onClose()}>
                <X aria-hidden="true" />
              </IconButton>
            </header>
            <Show when={props.description}>
              <Dialog.Description class="modal__description">
                {props.description}
              </Dialog.Description>
            </Show>
            <div class="modal__body">{props.children}</div>
            <Show when={props.footer}>
              <footer class="modal__footer">{props.footer}</footer>
            </Show>
          </Dialog.Content>
        </div>
      </Dialog.Portal>
    </Dialog>
  )
}
