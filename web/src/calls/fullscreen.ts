import { createSignal, onCleanup } from 'solid-js'

/** Full screen: the browser's own where it allows that, else the whole page. */
export function createFullscreen() {
  const [full, setFull] = createSignal(false)
  const onChange = () => {
    if (!document.fullscreenElement) setFull(false)
  }
  document.addEventListener('fullscreenchange', onChange)
  const leave = () => {
    setFull(false)
    if (document.fullscreenElement) void document.exitFullscreen().catch(() => {})
  }
  onCleanup(() => {
    document.removeEventListener('fullscreenchange', onChange)
    leave()
  })
  return {
    full,
    toggle() {
      if (full()) return leave()
      setFull(true)
      // The whole document, so that toasts and tooltips stay in sight.
      if (document.fullscreenEnabled)
        void document.documentElement.requestFullscreen().catch(() => {})
    },
  }
}
