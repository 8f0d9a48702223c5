import { createEffect, onCleanup } from 'solid-js'
import { type Deed, deedOf } from './keys.ts'
import type { CallSettings } from './settings.ts'

type CallKeysOptions = {
  settings: () => CallSettings
  act: (deed: Deed) => void
  /** Mute or unmute while the key to talk is held. */
  setMuted: (muted: boolean) => void
}

/** Where a key is meant for something else: a text, a choice, a dialog or a menu. */
const elsewhere =
  'textarea, select, [contenteditable="true"], input:not([type="range"]), [role="menu"], [role="dialog"]:not(.call-window), [data-takes-keys]'

const isElsewhere = ({ target }: Event) =>
  target instanceof Element && target.closest(elsewhere) !== null

/** The keys of a call, wherever the focus is, for as long as the owner lives. */
export function createCallKeys({ settings, act, setMuted }: CallKeysOptions): void {
  let held = false
  const release = () => {
    if (!held) return
    held = false
    setMuted(true)
  }
  const isTalkKey = (event: KeyboardEvent) => {
    const { pushToTalk, talkKey } = settings()
    return pushToTalk && event.code === talkKey
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || isElsewhere(event)) return
    if (isTalkKey(event)) {
      // Space would also press the button that has the focus; Enter still does.
      event.preventDefault()
      if (!held) setMuted(false)
      held = true
      return
    }
    const deed = deedOf(event, settings().letterKeys)
    if (!deed) return
    event.preventDefault()
    act(deed)
  }
  const onKeyUp = (event: KeyboardEvent) => {
    if (!isTalkKey(event) || !held) return
    event.preventDefault()
    release()
  }
  addEventListener('keydown', onKeyDown, { capture: true })
  addEventListener('keyup', onKeyUp, { capture: true })
  // The key may come up where this page hears nothing of it.
  addEventListener('blur', release)
  createEffect(() => {
    if (!settings().pushToTalk) held = false
  })
  onCleanup(() => {
    removeEventListener('keydown', onKeyDown, { capture: true })
    removeEventListener('keyup', onKeyUp, { capture: true })
    removeEventListener('blur', release)
  })
}
