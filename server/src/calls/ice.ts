import { createHmac } from 'node:crypto'
import type { Join } from '@beseda/protocol/calls'
import type { Settings } from '@beseda/protocol/settings'

/** Seconds that a relay's credentials are good for. */
const credentialSeconds = 12 * 60 * 60

export type IceSettings = Settings<
  'TURN_SERVER_URL' | 'TURN_SECRET' | 'TURN_USERNAME' | 'TURN_PASSWORD'
>

/**
 * The relays that a user may try, with credentials of their own when the relay
 * shares a secret with us (the TURN REST API that coturn calls `use-auth-secret`).
 *
 * @param now ms
 */
export function iceServersFor(userId: string, settings: IceSettings, now: number) {
  const urls = settings.TURN_SERVER_URL ?? []
  const servers: Join['iceServers'] = []
  if (urls.length === 0) return servers
  const login = settings.TURN_SECRET
    ? temporaryLogin(userId, settings.TURN_SECRET, now)
    : fixedLogin(settings)
  servers.push({ urls, ...login })
  return servers
}

function temporaryLogin(userId: string, secret: string, now: number) {
  const username = `${Math.floor(now / 1000) + credentialSeconds}:${userId}`
  return { username, credential: createHmac('sha1', secret).update(username).digest('base64') }
}

function fixedLogin({ TURN_USERNAME: username, TURN_PASSWORD: credential }: IceSettings) {
  return username && credential ? { username, credential } : {}
}
