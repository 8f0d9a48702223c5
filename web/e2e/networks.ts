import { networkInterfaces } from 'node:os'
import { expect } from 'vitest'
import { expectPerceived } from './media.ts'
import { openPersonalChat, ownId, type Person } from './people.ts'

/** The way that the media of one transport takes, as the browser tells it. */
export type Way = {
  /** `relay` goes through TURN. */
  type: 'host' | 'srflx' | 'prflx' | 'relay'
  /** How the first hop is made: to the SFU itself, or to the relay. */
  protocol: 'udp' | 'tcp' | 'tls'
  /** Address and port of the SFU. */
  to: string
}

/** An address of this machine that is not loopback: no browser relays media over that. */
export function ownAddress(): string {
  const outside = Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)
  if (!outside) {
    throw new Error('This machine has no network: calls through a relay need one to be tested.')
  }
  return outside.address
}

export type Wishes = {
  /** Media goes through a relay or not at all. */
  relayOnly?: boolean
  /** Of the relay's URLs those that hold this are tried, as if a firewall stopped the others. */
  urls?: string
  /** Shown to the relay instead of what the server has given. */
  login?: { username: string; credential: string }
}

/** Load the page anew so that its connections can be watched, and keep to the wishes. */
export async function watchWays({ page }: Person, wishes: Wishes = {}): Promise<void> {
  await page.addInitScript(keepConnections, wishes)
  await page.reload()
  await page.getByRole('searchbox', { name: 'Find people' }).waitFor()
}

/** Runs in the page. */
function keepConnections({ relayOnly, urls, login }: Wishes) {
  if (relayOnly) localStorage.setItem('beseda.ice', 'relay')
  const opened: RTCPeerConnection[] = []
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration: RTCConfiguration = {}) {
      const iceServers = configuration.iceServers
        ?.map((server) => ({
          ...server,
          ...login,
          urls: [server.urls].flat().filter((url) => url.includes(urls ?? '')),
        }))
        // A browser throws on a server without URLs.
        .filter((server) => server.urls.length > 0)
      super({ ...configuration, ...(iceServers && { iceServers }) })
      opened.push(this)
    }
  }
  Object.assign(globalThis, { openedConnections: opened })
}

/** The ways of the transports that are connected now. */
export function ways({ page }: Person): Promise<Way[]> {
  return page.evaluate(async () => {
    const { openedConnections } = globalThis as unknown as {
      openedConnections: RTCPeerConnection[]
    }
    const found: Way[] = []
    for (const connection of openedConnections) {
      if (connection.connectionState !== 'connected') continue
      const stats = await connection.getStats()
      const transport = [...stats.values()].find((report) => report.type === 'transport')
      const pair = stats.get(transport?.selectedCandidatePairId ?? '')
      const [local, remote] = [
        stats.get(pair?.localCandidateId ?? ''),
        stats.get(pair?.remoteCandidateId ?? ''),
      ]
      if (!local || !remote) continue
      found.push({
        type: local.candidateType,
        protocol: local.relayProtocol ?? local.protocol,
        to: `${remote.address}:${remote.port}`,
      })
    }
    return found
  })
}

/** How many connections the page has opened so far: they stay as they are while a call is only mended. */
export function connectionsOpened({ page }: Person): Promise<number> {
  return page.evaluate(() => {
    const { openedConnections } = globalThis as unknown as { openedConnections: unknown[] }
    return openedConnections.length
  })
}

/** Both transports of somebody come to go this way; a browser may take a slower one first. */
export async function expectWays(
  person: Person,
  expected: Partial<Way>,
  options: { timeout?: number } = {},
): Promise<void> {
  const both = expect.poll(() => ways(person), options)
  await both.toEqual([expect.objectContaining(expected), expect.objectContaining(expected)])
}

/** One calls the other with video, who accepts; each is told by the id the other's tile has. */
export async function videoCall(caller: Person, callee: Person): Promise<[string, string]> {
  await openPersonalChat(caller, callee)
  await caller.page.getByRole('button', { name: 'Video call' }).click()
  const ringing = callee.page.getByRole('alertdialog', { name: /Incoming video call/ })
  await ringing.getByRole('button', { name: 'Accept' }).click()
  for (const { page } of [caller, callee]) {
    await page.getByRole('dialog', { name: /Call/ }).locator('video').nth(1).waitFor()
  }
  return [await ownId(caller), await ownId(callee)]
}

/** Both come to decode the other's pictures and to hear them. */
export async function expectBothPerceive(
  people: [Person, Person],
  ids: [string, string],
  { timeout = 20_000 } = {},
): Promise<void> {
  const [first, second] = people
  await Promise.all([
    expectPerceived(first, ids[1], `${first.name} watches ${second.name}`, timeout),
    expectPerceived(second, ids[0], `${second.name} watches ${first.name}`, timeout),
  ])
}
