import { type Accessor, createEffect, createSignal, onCleanup } from 'solid-js'
import { waitOf } from './error-text.ts'

/**
 * Whole seconds until the server takes the request again that was refused with `error`,
 * counted down; 0 when it may be sent at once. `onOver` is called when the wait is over.
 */
export function createWait(error: Accessor<unknown>, onOver?: () => void): Accessor<number> {
  const [left, setLeft] = createSignal(0)
  createEffect(() => {
    const seconds = waitOf(error())
    setLeft(seconds)
    if (seconds === 0) return
    const until = Date.now() + seconds * 1000
    const timer = setInterval(() => {
      setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1000)))
      if (left() > 0) return
      clearInterval(timer)
      onOver?.()
    }, 1000)
    onCleanup(() => clearInterval(timer))
  })
  return left
}
