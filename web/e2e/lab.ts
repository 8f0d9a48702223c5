import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '@beseda/launcher/run'
import { messageOf } from '@beseda/launcher/start-error'
import type { Browser } from 'playwright-core'
import { openBrowser } from './people.ts'

/**
 * Networks of our own for the tests: each computer is a network namespace of the
 * kernel, with cables to this machine, on which Beseda and the relay run. Needs
 * iproute2 and the right to make namespaces, which root has.
 */

/** A network that this machine and the lab's computers are in. */
export type Network = {
  /** This machine's address in it. */
  host: string
}

export type Rule = { protocol: 'udp' | 'tcp'; ports?: readonly number[] }

export type Computer = {
  /** Plug it into a network: its way out as well, unless nothing else is to be reached from there. */
  plug(network: Network, options?: { wayOut?: boolean }): Promise<void>
  /** Pull the cable. */
  unplug(network: Network): Promise<void>
  /**
   * From now on nothing comes in from these ports of the networks that it is in, of every port
   * where none is named, as behind a firewall that drops silently; all else does.
   */
  block(rules: readonly Rule[]): Promise<void>
  /** Chromium on this computer, that takes the camera and microphone of pages of `origin`. */
  openBrowser(origin: string, args?: readonly string[]): Promise<Browser>
}

export type Lab = {
  addNetwork(): Promise<Network>
  addComputer(): Promise<Computer>
  /** Remove all of it. */
  close(): Promise<void>
}

/** Why there can be no lab on this machine; null when there can be one. */
export async function labProblem(): Promise<string | null> {
  const name = `beseda-${process.pid}-probe`
  const cable = `bp${process.pid}`
  try {
    await ip('netns', 'add', name)
    // It goes with the namespace that its other end is in.
    await ip('link', 'add', cable, 'type', 'veth', 'peer', 'name', cable, 'netns', name)
    return null
  } catch (error) {
    return `networks can't be made here (${messageOf(error)}): that needs iproute2 and the rights of root`
  } finally {
    await run('ip', ['netns', 'delete', name])
  }
}

/** Open an empty lab. */
export function openLab(): Lab {
  const dir = mkdtempSync(join(tmpdir(), 'beseda-lab-'))
  const names: string[] = []
  const cables = new Set<string>()
  /** This machine's addresses, of the range that RFC 2544 keeps for tests. */
  const networks: string[] = []

  async function addComputer(): Promise<Computer> {
    const name = `beseda-${process.pid}-${names.length}`
    // At most 15 characters, and different from those of other runs.
    const device = (network: Network, end: 'a' | 'b') =>
      `b${process.pid % 100_000}-${names.indexOf(name)}-${network.host.split('.')[2]}${end}`
    await ip('netns', 'add', name)
    names.push(name)
    const number = names.length + 1
    const plugged = new Set<Network>()
    /** Rules of the firewall. */
    let blocked = 0
    const addressIn = ({ host }: Network) => host.replace(/\d+$/, String(number))
    const inside = (...args: string[]) => ip('-n', name, ...args)
    await inside('link', 'set', 'lo', 'up')
    // What is blocked is looked up before what is local.
    await inside('rule', 'add', 'pref', '100', 'lookup', 'local')
    await inside('rule', 'delete', 'pref', '0')
    const through = join(dir, name)
    const chromium = process.env.CHROMIUM_BIN ?? '/usr/bin/chromium'
    writeFileSync(through, `#!/bin/sh\nexec ip netns exec ${name} ${chromium} "$@"\n`)
    chmodSync(through, 0o755)

    return {
      async plug(network, { wayOut = true } = {}) {
        const [here, there] = [device(network, 'a'), device(network, 'b')]
        await ip('link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', name)
        cables.add(here)
        plugged.add(network)
        await ip('link', 'set', here, 'up')
        await ip('route', 'add', `${addressIn(network)}/32`, 'dev', here, 'src', network.host)
        await inside('address', 'add', `${addressIn(network)}/24`, 'dev', there)
        await inside('link', 'set', there, 'up')
        if (wayOut) await inside('route', 'replace', 'default', 'via', network.host)
      },
      async unplug(network) {
        const here = device(network, 'a')
        await ip('link', 'delete', here)
        cables.delete(here)
        plugged.delete(network)
      },
      async block(rules) {
        for (; blocked > 0; blocked--) await inside('rule', 'delete', 'pref', '10')
        for (const network of plugged) {
          for (const { protocol, ports } of rules) {
            for (const port of ports ?? [null]) {
              await inside(
                ...['rule', 'add', 'pref', '10', 'iif', device(network, 'b'), 'ipproto', protocol],
                ...(port === null ? [] : ['sport', String(port)]),
                'blackhole',
              )
              blocked++
            }
          }
        }
      },
      openBrowser: (origin, args = []) =>
        openBrowser({
          through,
          args: [`--unsafely-treat-insecure-origin-as-secure=${origin}`, ...args],
        }),
    }
  }

  return {
    async addNetwork() {
      const host = `198.18.${(process.pid % 60) * 4 + networks.length}.1`
      await ip('address', 'add', `${host}/32`, 'dev', 'lo')
      networks.push(host)
      return { host }
    },
    addComputer,
    async close() {
      // The kernel would do so a little after the namespace is gone.
      for (const here of cables) await ip('link', 'delete', here)
      for (const host of networks) await ip('address', 'delete', `${host}/32`, 'dev', 'lo')
      for (const name of names) await ip('netns', 'delete', name)
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

async function ip(...args: string[]): Promise<void> {
  const { code, tail } = await run('ip', args)
  if (code !== 0) throw new Error(`ip ${args.join(' ')}: ${tail}`)
}
