import { freeBlock } from '@beseda/launcher/ports'
import { type Relay, startRelay } from '@beseda/launcher/testing/relay'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { useBeseda } from './app.ts'
import { type Computer, type Lab, labProblem, type Network, openLab } from './lab.ts'
import {
  connectionsOpened,
  expectBothPerceive,
  expectWays,
  videoCall,
  type Way,
  type Wishes,
  watchWays,
} from './networks.ts'
import { type Person, signUp } from './people.ts'

const problem = await labProblem()
if (problem) console.warn(`The tests in networks of our own are left out: ${problem}.`)

const secret = 'a secret of the relay and the server'

describe.skipIf(problem)('in networks of our own', () => {
  let lab: Lab
  let home: Network
  let office: Network
  let relay: Relay
  let mediaPort: number
  const closers: (() => Promise<void>)[] = []

  const beseda = useBeseda(async () => {
    lab = openLab()
    home = await lab.addNetwork()
    office = await lab.addNetwork()
    const peers = [home.host, office.host]
    relay = await startRelay({ host: office.host, site: { login: { secret }, peers } })
    mediaPort = await freeBlock(1, '0.0.0.0')
    return {
      HOST: '0.0.0.0',
      SFU_HOST: '0.0.0.0',
      SFU_ANNOUNCED_ADDRESS: peers.join(','),
      SFU_RTC_PORT: String(mediaPort),
      SFU_WORKERS: '1',
      TURN_SECRET: secret,
      TURN_SERVER_URL: [
        `turn:${office.host}:${relay.port}?transport=udp`,
        `turn:${office.host}:${relay.port}?transport=tcp`,
        `turns:${office.host}:${relay.tlsPort}?transport=tcp`,
      ].join(','),
    }
  })
  afterAll(async () => {
    await relay?.close()
    await lab?.close()
  })
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close()
  })

  /** Somebody who opens Beseda on a computer, by this machine's address in a network. */
  async function sitDown(
    name: string,
    computer: Computer,
    network: Network,
    wishes: Wishes = {},
  ): Promise<Person> {
    const origin = `http://${network.host}:${new URL(beseda().url).port}`
    const browser = await computer.openBrowser(origin, ['--ignore-certificate-errors'])
    closers.push(() => browser.close())
    const person = await signUp(browser, origin, name)
    await watchWays(person, wishes)
    return person
  }

  test('one call over the addresses of two networks that do not reach each other', async () => {
    const [atHome, atOffice] = [await lab.addComputer(), await lab.addComputer()]
    await atHome.plug(home, { wayOut: false })
    await atOffice.plug(office, { wayOut: false })
    const anna = await sitDown('Anna', atHome, home)
    const boris = await sitDown('Boris', atOffice, office)
    const ids = await videoCall(anna, boris)
    await expectBothPerceive([anna, boris], ids)
    for (const [person, { host }] of [[anna, home] as const, [boris, office] as const]) {
      await expectWays(person, { protocol: 'udp', to: `${host}:${mediaPort}` })
    }
  })

  type Blocked = ['udp' | 'tcp', ...(() => number)[]]
  const media = () => mediaPort
  const plainRelay = () => relay.port
  test.each<[string, Blocked[], Wishes, Partial<Way>]>([
    [
      'UDP to the SFU and a browser that wants the relay: over UDP',
      [['udp', media]],
      { relayOnly: true, urls: 'transport=udp' },
      { type: 'relay', protocol: 'udp' },
    ],
    ['UDP: the SFU over TCP', [['udp']], {}, { protocol: 'tcp' }],
    [
      'UDP and the media port: the relay over TCP',
      [['udp'], ['tcp', media]],
      {},
      { type: 'relay', protocol: 'tcp' },
    ],
    [
      'UDP, the media port and all but TLS: the relay over TLS',
      [['udp'], ['tcp', media, plainRelay]],
      {},
      { type: 'relay', protocol: 'tls' },
    ],
  ])('a firewall that drops %s', async (what, blocked, wishes, expected) => {
    const [free, walled] = [await lab.addComputer(), await lab.addComputer()]
    await free.plug(office)
    await walled.plug(office)
    for (const [protocol, ...ports] of blocked) {
      await walled.block(protocol, ports.length > 0 ? ports.map((port) => port()) : undefined)
    }
    const number = what.length
    const vera = await sitDown(`Vera${number}`, free, office)
    const gleb = await sitDown(`Gleb${number}`, walled, office, wishes)
    const ids = await videoCall(vera, gleb)
    await expectBothPerceive([vera, gleb], ids)
    await expectWays(gleb, expected)
    await expectWays(vera, { type: 'host', protocol: 'udp' })
  })

  test('a computer that goes from one network to another stays in its call', async () => {
    const [still, carried] = [await lab.addComputer(), await lab.addComputer()]
    await still.plug(home)
    await carried.plug(office)
    const dina = await sitDown('Dina', still, home)
    const egor = await sitDown('Egor', carried, office)
    const ids = await videoCall(dina, egor)
    await expectBothPerceive([dina, egor], ids)
    await expectWays(egor, { to: `${office.host}:${mediaPort}` })
    const before = await connectionsOpened(egor)

    await carried.plug(home)
    await carried.unplug(office)
    await expectBothPerceive([dina, egor], ids, { timeout: 60_000 })
    await expectWays(egor, { to: `${home.host}:${mediaPort}` })
    // Another way for the same connections: ICE was restarted, the call was not entered anew.
    expect(await connectionsOpened(egor)).toBe(before)
  })
})
