import './Toast.css'
import { Toast as Base, toaster } from '@kobalte/core/toast'
import CircleAlert from 'lucide-solid/icons/circle-alert'
import CircleCheck from 'lucide-solid/icons/circle-check'
import X from 'lucide-solid/icons/x'
import { Show } from 'solid-js'
import { Portal } from 'solid-js/web'

/** Where toasts appear; mounted once. */
export function ToastRegion(props: { label: string }) {
  return (
    <Portal>
      <Base.Region duration={6000} limit={3} swipeDirection="right" aria-label={props.label}>
        <Base.List class="toasts" />
      </Base.Region>
    </Portal>
  )
}

function say(look: 'good' | 'bad', text: string, closeLabel: string): void {
  toaster.show((toast) => (
    <Base
      toastId={toast.toastId}
      class="toast"
      data-look={look}
      priority={look === 'bad' ? 'high' : 'low'}
    >
      <Show when={look === 'bad'} fallback={<CircleCheck aria-hidden="true" />}>
        <CircleAlert aria-hidden="true" />
      </Show>
      <Base.Description class="toast__text">{text}</Base.Description>
      <Base.CloseButton class="toast__close" aria-label={closeLabel}>
        <X aria-hidden="true" />
      </Base.CloseButton>
    </Base>
  ))
}

/** Say that something failed. */
export const sayError = (text: string, closeLabel: string) => say('bad', text, closeLabel)

/** Say that something was done. */
export const sayDone = (text: string, closeLabel: string) => say('good', text, closeLabel)

/** Say what was done, with a button that takes it back; the answer removes the toast. */
export function sayUndoable(options: {
  text: string
  label: string
  durationMs: number
  onUndo: () => void
}): () => void {
  const id = toaster.show((toast) => (
    <Base toastId={toast.toastId} class="toast" duration={options.durationMs} priority="high">
      <CircleCheck aria-hidden="true" />
      <Base.Description class="toast__text">{options.text}</Base.Description>
      <button
        type="button"
        class="toast__undo"
        onClick={() => {
          options.onUndo()
          toaster.dismiss(toast.toastId)
        }}
      >
        {options.label}
      </button>
    </Base>
  ))
  return () => toaster.dismiss(id)
}
