import type { Dictionary } from '../i18n/ru.ts'

/** What a key does while a call is on. */
export type Deed =
  | 'microphone'
  | 'camera'
  | 'screen'
  | 'hand'
  | 'deafen'
  | 'layout'
  | 'chat'
  | 'people'
  | 'fullscreen'
  | 'float'
  | 'help'

type Shortcut = { deed: Deed; code: string; withControl?: true }

/** By the place of the key on the keyboard, so that they work in every language. */
const shortcuts: Shortcut[] = [
  { deed: 'microphone', code: 'KeyM' },
  { deed: 'microphone', code: 'KeyD', withControl: true },
  { deed: 'camera', code: 'KeyV' },
  { deed: 'camera', code: 'KeyE', withControl: true },
  { deed: 'screen', code: 'KeyS' },
  { deed: 'hand', code: 'KeyH' },
  { deed: 'deafen', code: 'KeyD' },
  { deed: 'layout', code: 'KeyG' },
  { deed: 'people', code: 'KeyP' },
  { deed: 'chat', code: 'KeyC' },
  { deed: 'float', code: 'KeyI' },
  { deed: 'fullscreen', code: 'KeyF' },
]

type Pressed = Pick<
  KeyboardEvent,
  'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'repeat'
>

/** What a key press asks for; null for nothing. Letters alone count only with `letterKeys`. */
export function deedOf(event: Pressed, letterKeys: boolean): Deed | null {
  if (event.repeat || event.altKey) return null
  const withControl = event.ctrlKey || event.metaKey
  if (!withControl && !letterKeys) return null
  if (event.key === '?' && !withControl) return 'help'
  if (event.shiftKey) return null
  const found = shortcuts.find(
    (one) => one.code === event.code && (one.withControl ?? false) === withControl,
  )
  return found?.deed ?? null
}

/** What is printed on a key, by its `KeyboardEvent.code`. */
export function keyName(t: Dictionary, code: string): string {
  if (code === 'Space') return t.calls.keys.space
  const printed = /^(?:Key|Digit)(.)$/.exec(code)?.[1]
  return printed ?? code.replace(/(Left|Right)$/, ' $1')
}

/** All shortcuts by what they do, for the help. */
export function shortcutList(t: Dictionary): { deed: Deed; keys: string[] }[] {
  const list = new Map<Deed, string[]>()
  for (const { deed, code, withControl } of shortcuts) {
    const name = `${withControl ? 'Ctrl + ' : ''}${keyName(t, code)}`
    list.set(deed, [...(list.get(deed) ?? []), name])
  }
  return [...list].map(([deed, keys]) => ({ deed, keys })).concat({ deed: 'help', keys: ['?'] })
}
