import { isIP } from 'node:net'
import type { Settings } from '@beseda/protocol/settings'
import { StartError } from '../start-error.ts'

/** What a host adds to the `turnserver.conf` of the repository. */
export type RelaySite = {
  login: { secret: string } | { username: string; password: string }
  /** The only addresses that the relay forwards to: those at which the SFUs receive media. */
  peers: readonly string[]
  /** The address that the internet knows the relay by, when it stands behind a NAT. */
  externalIp?: string | undefined
  /** PEM files; without them there is no TLS. */
  certificate?: { cert: string; key: string } | undefined
}

/** The settings of Beseda that its relay shares. */
export type RelaySettings = Settings<
  'TURN_SECRET' | 'TURN_USERNAME' | 'TURN_PASSWORD' | 'SFU_ANNOUNCED_ADDRESS'
>

/**
 * What the relay must know of Beseda's own settings.
 *
 * @throws StartError naming the setting without which the relay could serve nobody
 */
export function relaySite(settings: RelaySettings): Pick<RelaySite, 'login' | 'peers'> {
  const { TURN_SECRET: secret, TURN_USERNAME: username, TURN_PASSWORD: password } = settings
  const peers = settings.SFU_ANNOUNCED_ADDRESS ?? []
  if (peers.length === 0) {
    throw new StartError(
      'SFU_ANNOUNCED_ADDRESS is not set: the relay forwards to the addresses that it names and to no other.',
    )
  }
  if (secret) return { login: { secret }, peers }
  if (username && password) return { login: { username, password }, peers }
  throw new StartError(
    'TURN_SECRET is not set: write a long random one into .env, for the relay and the server to share.',
  )
}

/**
 * What the internet knows a relay by that runs beside the SFU: the SFU's first address,
 * when a NAT holds it and no interface of this machine; else nothing.
 */
export function outsideAddress(
  peers: readonly string[],
  own: readonly string[],
): string | undefined {
  const [first] = peers
  return first !== undefined && own.includes(first) ? undefined : first
}

/**
 * A complete configuration of coturn.
 *
 * @param template the `turnserver.conf` of the repository
 * @throws StartError when a peer is no IP address, or a value would end its line
 */
export function relayConf(template: string, site: RelaySite): string {
  const { login, peers, externalIp, certificate } = site
  const byName = peers.find((peer) => isIP(peer) === 0)
  if (byName !== undefined) {
    throw new StartError(`${byName} is no IP address: coturn can allow addresses only, not names.`)
  }
  const lines = [
    ...('secret' in login
      ? [`static-auth-secret=${login.secret}`]
      : [`user=${login.username}:${login.password}`]),
    ...peers.map((peer) => `allowed-peer-ip=${peer}`),
    ...(externalIp === undefined ? [] : [`external-ip=${externalIp}`]),
    ...(certificate === undefined
      ? ['no-tls']
      : [`cert=${certificate.cert}`, `pkey=${certificate.key}`]),
  ]
  if (lines.some((line) => /[\r\n]/.test(line))) {
    throw new StartError('A setting of the relay has more than one line.')
  }
  // coturn checks either made or fixed credentials, never both.
  const base = 'secret' in login ? template : template.replace(/^use-auth-secret$/m, 'lt-cred-mech')
  return `${base.trimEnd()}\n\n# This host.\n${lines.join('\n')}\n`
}
