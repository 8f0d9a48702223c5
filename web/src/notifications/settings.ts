import { createSignal } from 'solid-js'

const storageKey = 'beseda.notifications'

/** What is wanted on this browser. */
export type Wishes = {
  /** Notifications of the browser, as far as it allows them. */
  browser: boolean
  sound: boolean
  /** The words of a message stand in what tells of it. */
  previews: boolean
}

/** Until somebody chooses: notifications begin with a click, never by themselves. */
const unchosen: Wishes = { browser: false, sound: true, previews: true }

/** `unavailable`: the browser has none, or gives none to a page without HTTPS. */
export type Permission = NotificationPermission | 'unavailable'

/** Read what was chosen; what is missing or damaged is as if it had not been chosen. */
export function parseWishes(stored: string | null): Wishes {
  const read = parse(stored ?? '')
  const choice = (name: keyof Wishes) =>
    typeof read[name] === 'boolean' ? read[name] : unchosen[name]
  return { browser: choice('browser'), sound: choice('sound'), previews: choice('previews') }
}

function parse(text: string): { [name in keyof Wishes]?: unknown } {
  try {
    return Object(JSON.parse(text))
  } catch {
    return {}
  }
}

const permissionNow = (): Permission =>
  'Notification' in globalThis && isSecureContext ? Notification.permission : 'unavailable'

/** The choices about notifications, kept in this browser, one for all of its tabs. */
export function createNotificationSettings() {
  const [wishes, setWishes] = createSignal(parseWishes(localStorage.getItem(storageKey)))
  const [permission, setPermission] = createSignal(permissionNow())
  addEventListener('storage', ({ key, newValue }) => {
    if (key === storageKey) setWishes(parseWishes(newValue))
  })
  // Somebody may allow or forbid them in the browser's own settings meanwhile.
  const look = () => setPermission(permissionNow())
  void navigator.permissions
    ?.query({ name: 'notifications' })
    .then((state) => state.addEventListener('change', look))
    .catch(() => {})

  const wish = (change: Partial<Wishes>) => {
    setWishes((before) => ({ ...before, ...change }))
    localStorage.setItem(storageKey, JSON.stringify(wishes()))
  }
  return {
    wishes,
    permission,
    /** Notifications of the browser are wanted and allowed. */
    isOn: () => wishes().browser && permission() === 'granted',
    wish,
    /** Want notifications, which asks the browser's permission: to be called by a click. Whether they are on. */
    async turnOn(): Promise<boolean> {
      if (permission() === 'default') await Notification.requestPermission()
      look()
      if (permission() !== 'granted') return false
      wish({ browser: true })
      return true
    },
  }
}

export type NotificationSettings = ReturnType<typeof createNotificationSettings>
