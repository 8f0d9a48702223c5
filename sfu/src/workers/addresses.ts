import type { NetworkInterfaceInfo } from 'node:os'
import type { types } from 'mediasoup'

type Interfaces = Record<string, NetworkInterfaceInfo[] | undefined>

/**
 * The addresses at which clients are told to look for media, best first: those
 * that were configured, else the machine's own when it listens on all of them
 * (loopback last, for browsers on the same machine), else the one it listens on.
 */
export function announcedAddresses(
  host: string,
  configured: string[] | undefined,
  interfaces: () => Interfaces,
): string[] {
  if (configured !== undefined && configured.length > 0) return configured
  if (host !== '0.0.0.0' && host !== '::') return [host]
  const found = Object.values(interfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter((entry) => entry.family === 'IPv4' || (host === '::' && isRoutable(entry)))
  const outside = found.filter((entry) => !entry.internal)
  const inside = found.filter((entry) => entry.internal)
  return [...outside, ...inside].map((entry) => entry.address)
}

/** IPv6 link-local addresses mean nothing without the interface they belong to. */
function isRoutable(entry: NetworkInterfaceInfo): boolean {
  return !entry.address.toLowerCase().startsWith('fe80:')
}

/**
 * One candidate per protocol and address. The worker binds its port once, and
 * two listen infos can't share it, so the addresses are put in here.
 */
export function announceAt(
  candidates: types.IceCandidate[],
  addresses: string[],
): types.IceCandidate[] {
  return addresses.flatMap((address, rank) =>
    candidates.map((candidate) => ({
      ...candidate,
      foundation: `${candidate.foundation}${rank}`,
      priority: candidate.priority - rank,
      address,
      ip: address,
    })),
  )
}
