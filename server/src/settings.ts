import { readSettings, type Settings, SettingsError } from '@beseda/protocol/settings'

const names = [
  'NODE_ENV',
  'HOST',
  'PORT',
  'PUBLIC_URL',
  'SFU_PORT',
  'DATA_DIR',
  'FILE_MAX_MB',
  'DATABASE_URL',
  'REDIS_URL',
  'REDIS_HOST',
  'REDIS_PORT',
  'REDIS_PASSWORD',
  'JWT_SECRET',
  'CALL_TOKEN_SECRET',
  'TURN_SERVER_URL',
  'TURN_SECRET',
  'TURN_USERNAME',
  'TURN_PASSWORD',
  'REGISTRATION',
  'RATE_LIMITS',
  'METRICS_PORT',
  'METRICS_HOST',
  'LOG_LEVEL',
] as const

/** What the server reads of the environment. */
export type ServerSettings = Settings<(typeof names)[number]>

/** @throws SettingsError naming every variable that does not fit */
export function readServerSettings(env: Record<string, string | undefined>): ServerSettings {
  const settings = readSettings(names, env)
  requireRelayLogin(settings)
  return settings
}

/** A browser refuses a relay without credentials, and every call would fail. */
function requireRelayLogin(settings: ServerSettings): void {
  const { TURN_SERVER_URL, TURN_SECRET, TURN_USERNAME, TURN_PASSWORD } = settings
  if (!TURN_SERVER_URL?.length || TURN_SECRET || (TURN_USERNAME && TURN_PASSWORD)) return
  throw new SettingsError(
    'TURN_SERVER_URL is set without a way to log in: set TURN_SECRET, or TURN_USERNAME and TURN_PASSWORD.',
  )
}

/** Whether browsers reach the server by TLS, so that cookies are marked `Secure`. */
export function isSecure({ NODE_ENV, PUBLIC_URL }: ServerSettings): boolean {
  return PUBLIC_URL === undefined ? NODE_ENV === 'production' : PUBLIC_URL.startsWith('https:')
}
