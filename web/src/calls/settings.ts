import { type Accessor, createSignal } from 'solid-js'

/** How noise is taken out of the microphone: by the browser, by a model of our own, or not at all. */
export type Noise = 'browser' | 'strong' | 'off'

/** How this user calls from this browser. Ids are the browser's own; null is the system's choice. */
export type CallSettings = {
  microphoneId: string | null
  cameraId: string | null
  speakerId: string | null
  noise: Noise
  /** The microphone is on only while the key is held. */
  pushToTalk: boolean
  /** `KeyboardEvent.code` of that key: the place on the keyboard, whatever the language. */
  talkKey: string
  /** Whether a letter alone is a shortcut while a call is on. */
  letterKeys: boolean
  /** Look at oneself before joining a call. */
  preview: boolean
}

export const defaultSettings: CallSettings = {
  microphoneId: null,
  cameraId: null,
  speakerId: null,
  noise: 'browser',
  pushToTalk: false,
  talkKey: 'Space',
  letterKeys: true,
  preview: true,
}

const isId = (value: unknown) => value === null || typeof value === 'string'
const isFlag = (value: unknown) => typeof value === 'boolean'

const accepts: Record<keyof CallSettings, (value: unknown) => boolean> = {
  microphoneId: isId,
  cameraId: isId,
  speakerId: isId,
  noise: (value) => value === 'browser' || value === 'strong' || value === 'off',
  pushToTalk: isFlag,
  talkKey: (value) => typeof value === 'string' && value !== '',
  letterKeys: isFlag,
  preview: isFlag,
}

/** The settings as they were stored; whatever is missing or makes no sense is as by default. */
export function readSettings(stored: string | null): CallSettings {
  const known = Object.entries(parse(stored)).filter(([key, value]) =>
    accepts[key as keyof CallSettings]?.(value),
  )
  return { ...defaultSettings, ...Object.fromEntries(known) }
}

function parse(stored: string | null): object {
  try {
    const value: unknown = JSON.parse(stored ?? '{}')
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

const storageKey = 'beseda.calls'

/** The settings of this browser; a change is kept for the next visit. */
export function createSettings(): {
  settings: Accessor<CallSettings>
  change(change: Partial<CallSettings>): void
} {
  const [settings, setSettings] = createSignal(readSettings(localStorage.getItem(storageKey)))
  return {
    settings,
    change(change) {
      setSettings((before) => ({ ...before, ...change }))
      localStorage.setItem(storageKey, JSON.stringify(settings()))
    },
  }
}
