import { createSignal, onCleanup } from 'solid-js'
import { delegateEvents } from 'solid-js/web'

type FloatApi = { requestWindow(size: { width: number; height: number }): Promise<Window> }

/** Chromium's windows that stay on top and hold a document (WICG Document Picture-in-Picture). */
const floatApi = () =>
  (window as Window & { documentPictureInPicture?: FloatApi }).documentPictureInPicture

const size = { width: 400, height: 260 }

/** Whether this browser can keep a call on top of everything. */
export const canFloat = () => floatApi() !== undefined || document.pictureInPictureEnabled

/** The styles of this page in another one. */
function copyStyles(to: Document) {
  for (const sheet of document.querySelectorAll<HTMLLinkElement | HTMLStyleElement>(
    'link[rel="stylesheet"], style',
  )) {
    const copy = sheet.cloneNode(true)
    // The other page has no address that a relative one could follow.
    if (sheet instanceof HTMLLinkElement) (copy as HTMLLinkElement).href = sheet.href
    to.head.append(copy)
  }
  to.documentElement.lang = document.documentElement.lang
}

/**
 * A small window on top of all others. Where the browser gives a whole document, `body` is where
 * to draw; where it only lifts a video out of the page, that is the one that `pickVideo` finds.
 */
export function createFloat(pickVideo: () => HTMLVideoElement | null) {
  const [body, setBody] = createSignal<HTMLElement | null>(null)
  let opened: Window | null = null

  const close = () => {
    opened?.close()
    if (document.pictureInPictureElement) void document.exitPictureInPicture().catch(() => {})
  }
  onCleanup(close)

  return {
    body,
    close,
    /** Open it, or close it when it is open. */
    async toggle() {
      if (opened || document.pictureInPictureElement) return close()
      const api = floatApi()
      if (!api) {
        await pickVideo()?.requestPictureInPicture()
        return
      }
      const float = await api.requestWindow(size)
      opened = float
      copyStyles(float.document)
      // Events are heard at the document, and this is another one.
      delegateEvents(['click'], float.document)
      float.addEventListener('pagehide', () => {
        opened = null
        setBody(null)
      })
      setBody(float.document.body)
    },
  }
}
