import { type Accessor, createSignal, onCleanup } from 'solid-js'

/** Whether the page is in sight: its tab is on top. */
export function createVisibility(): Accessor<boolean> {
  const [visible, setVisible] = createSignal(!document.hidden)
  const update = () => setVisible(!document.hidden)
  document.addEventListener('visibilitychange', update)
  onCleanup(() => document.removeEventListener('visibilitychange', update))
  return visible
}
