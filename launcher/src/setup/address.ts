import { BlockList, isIPv4 } from 'node:net'

/** Addresses that no browser outside reaches: RFC 1918, 6598, 3927, 4193, loopback and such. */
const notPublic = new BlockList()
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  notPublic.addSubnet(net, prefix, 'ipv4')
}
for (const [net, prefix] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const) {
  notPublic.addSubnet(net, prefix, 'ipv6')
}

/** Whether the internet can reach this IP address at all. */
export function isPublic(address: string): boolean {
  return !notPublic.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')
}

export type Proposal = {
  /** Best first; none when nothing is known. */
  addresses: string[]
  /** A sentence that the person should read, when something does not fit. */
  note?: string
}

/**
 * Where browsers should send media.
 *
 * @param own addresses of the machine's interfaces, without loopback
 * @param resolved what the domain's name leads to; none when it can't be looked up
 */
export function proposeAddress(own: readonly string[], resolved: readonly string[]): Proposal {
  const here = resolved.filter((address) => own.includes(address))
  if (here.length > 0) return { addresses: bestFirst(here) }
  const outside = bestFirst(own.filter(isPublic))
  if (outside.length > 0) {
    const leads = resolved.length > 0 ? `leads to ${resolved.join(', ')}` : 'leads nowhere yet'
    return {
      addresses: outside,
      note: `The domain ${leads}: let it lead to ${outside[0]} before you start.`,
    }
  }
  const translated = bestFirst(resolved.filter(isPublic))
  if (translated.length === 0) return { addresses: [] }
  // Those on this side of the translation, the relay among them, may not reach the outside of it.
  return {
    addresses: [...translated, ...bestFirst(own.filter(isIPv4)).slice(0, 1)],
    note: 'The public address is not on this machine, so a router or the provider translates it: forward the ports below to this machine.',
  }
}

/** One of each family will do, and Docker publishes on IPv4 unless it is told otherwise. */
function bestFirst(addresses: readonly string[]): string[] {
  const first = addresses.find(isIPv4) ?? addresses[0]
  return first === undefined ? [] : [first]
}
