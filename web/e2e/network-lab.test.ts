import { freeBlock } from '@beseda/launcher/ports'
import { type Relay, startRelay } from '@beseda/launcher/testing/relay'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { useBeseda } from './app.ts'
import { type Computer, type Lab, labProblem, type Network, openLab, type Rule } from './lab.ts'
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
  const browsers: Browser[] = []

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
    for (const browser of browsers) await browser.close()
    await relay?.close()
    await lab?.close()
  })

  /** Somebody who opens Beseda on a computer, by this machine's address in a network. */
  async function sitDown(name: string, computer: Computer, { host }: Network): Promise<Person> {
    const origin = `http://${host}:${new URL(beseda().url).port}`
    const browser = await computer.openBrowser(origin, ['--ignore-certificate-errors'])
    browsers.push(browser)
    const person = await signUp(browser, origin, name)
    await watchWays(person)
    return person
  }

  let anna: Person
  let boris: Person
  let bag: Computer
  let ids: [annaId: string, borisId: string]

  test('one call over the addresses of two networks that do not reach each other', async () => {
    const desk = await lab.addComputer()
    bag = await lab.addComputer()
    await desk.plug(home, { wayOut: false })
    await bag.plug(office, { wayOut: false })
    anna = await sitDown('Anna', desk, home)
    boris = await sitDown('Boris', bag, office)
    ids = await videoCall(anna, boris)
    await expectBothPerceive([anna, boris], ids)
    for (const [person, { host }] of [[anna, home] as const, [boris, office] as const]) {
      await expectWays(person, { protocol: 'udp', to: `${host}:${mediaPort}` })
    }
  })

  test('a computer that goes from one network to another stays in the call', async () => {
    const before = await connectionsOpened(boris)
    await bag.plug(home)
    await bag.unplug(office)
    await expectWays(boris, { to: `${home.host}:${mediaPort}` }, { timeout: 30_000 })
    await expectBothPerceive([anna, boris], ids)
    // Another way for the same connections: ICE was restarted, the call was not entered anew.
    await expect.poll(() => connectionsOpened(boris)).toBe(before)
    await endCall([anna, boris])
  })

  describe('behind a firewall', () => {
    let walled: Computer
    let gleb: Person
    beforeAll(async () => {
      walled = await lab.addComputer()
      await walled.plug(office)
      gleb = await sitDown('Gleb', walled, office)
    })

    afterEach(() => endCall([anna, gleb]))

    const udp: Rule = { protocol: 'udp' }
    const tcp = (...ports: number[]): Rule => ({ protocol: 'tcp', ports })
    test.each<[what: string, rules: () => Rule[], expected: Partial<Way>, wishes?: Wishes]>([
      ['UDP: the SFU over TCP', () => [udp], { protocol: 'tcp' }],
      [
        'UDP and the media port: the relay over TCP',
        () => [udp, tcp(mediaPort)],
        { type: 'relay', protocol: 'tcp' },
      ],
      [
        'UDP, the media port and all but TLS: the relay over TLS',
        () => [udp, tcp(mediaPort, relay.port)],
        { type: 'relay', protocol: 'tls' },
      ],
      [
        'UDP to the SFU, with a browser that wants the relay: over UDP',
        () => [{ protocol: 'udp', ports: [mediaPort] }],
        { type: 'relay', protocol: 'udp' },
        { relayOnly: true, urls: 'transport=udp' },
      ],
    ])('that drops %s', async (_, rules, expected, wishes) => {
      await walled.block(rules())
      if (wishes) await watchWays(gleb, wishes)
      const both: [Person, Person] = [anna, gleb]
      await expectBothPerceive(both, await videoCall(...both))
      await expectWays(gleb, expected)
      await expectWays(anna, { type: 'host', protocol: 'udp' })
    })
  })
})

/** One leaves, which ends a call of two. */
async function endCall(people: Person[]) {
  await people[0]?.page.getByRole('button', { name: 'Leave call' }).click()
  for (const { page } of people) {
    await page.getByRole('dialog', { name: /^Call/ }).waitFor({ state: 'detached' })
  }
}
