import { createHmac } from 'node:crypto'
import { type Relay, startRelay } from '@beseda/launcher/testing/relay'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { useBeseda } from './app.ts'
import { labProblem } from './lab.ts'
import {
  expectBothPerceive,
  expectWays,
  ownAddress,
  videoCall,
  watchWays,
  ways,
} from './networks.ts'
import { openBrowser, openPersonalChat, type Person, signUp } from './people.ts'

/** Where there can be a lab, it proves the ways to the SFU behind real firewalls. */
const problem = await labProblem()
const secret = 'a secret of the relay and the server'
const host = ownAddress()
const names = [
  'Anna',
  'Boris',
  'Vera',
  'Gleb',
  'Dina',
  'Egor',
  'Zoya',
  'Ivan',
  'Lara',
  'Mark',
  'Nina',
  'Oleg',
  'Pavel',
  'Rita',
]
let relay: Relay

const beseda = useBeseda(async () => {
  relay = await startRelay({ host, site: { login: { secret }, peers: [host] } })
  return {
    SFU_HOST: '0.0.0.0',
    SFU_ANNOUNCED_ADDRESS: host,
    SFU_WORKERS: '1',
    TURN_SECRET: secret,
    TURN_SERVER_URL: [
      `turn:${host}:${relay.port}?transport=udp`,
      `turn:${host}:${relay.port}?transport=tcp`,
      `turns:${host}:${relay.tlsPort}`,
    ].join(','),
  }
})
afterAll(() => relay?.close())

/** The password of a user of the relay, as coturn's `use-auth-secret` computes it. */
const sign = (username: string, by = secret) =>
  createHmac('sha1', by).update(username).digest('base64')

let people: [Person, Person]
async function signUpTwo(browser: Browser) {
  const two = []
  for (const name of names.splice(0, 2)) two.push(await signUp(browser, beseda().url, name))
  people = two as [Person, Person]
}
afterEach(async () => {
  for (const { context } of people) await context.close()
})

describe('with a browser that takes the certificate of the relay', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser({ args: ['--ignore-certificate-errors'] })
  })
  afterAll(() => browser?.close())

  test.runIf(problem).each([
    ['UDP', 'transport=udp', 'udp'],
    ['TCP', 'transport=tcp', 'tcp'],
    ['TLS', 'turns:', 'tls'],
  ] as const)('a call goes through the relay over %s', async (_, urls, protocol) => {
    await signUpTwo(browser)
    for (const person of people) await watchWays(person, { relayOnly: true, urls })
    const ids = await videoCall(...people)
    await expectBothPerceive(people, ids)
    for (const person of people) await expectWays(person, { type: 'relay', protocol })
  })

  const past = Math.floor(Date.now() / 1000) - 60
  const ahead = past + 3_600
  test.each([
    ['expired', { username: `${past}:eve`, credential: sign(`${past}:eve`) }],
    ['forged', { username: `${ahead}:eve`, credential: sign(`${ahead}:eve`, 'a guess') }],
  ])('the relay carries nothing for %s credentials', async (_, login) => {
    await signUpTwo(browser)
    const [caller, callee] = people
    await watchWays(caller, { relayOnly: true })
    await watchWays(callee, { relayOnly: true, login })
    const refusals = () => relay.log.filter((line) => line.includes(`user <${login.username}>`))
    await openPersonalChat(caller, callee)
    await caller.page.getByRole('button', { name: 'Video call' }).click()
    await callee.page.getByRole('button', { name: 'Accept' }).click()
    // One who is let in is heard all the same: it is the credential that is refused.
    await expect.poll(() => ways(caller)).not.toEqual([])
    await expect.poll(refusals).not.toEqual([])
    await expect.poll(() => ways(callee)).toEqual([])
  })
})

test.runIf(problem)(
  'a browser that may not use UDP reaches the SFU over TCP, without a relay',
  async () => {
    const browser = await openBrowser({
      args: ['--webrtc-ip-handling-policy=disable_non_proxied_udp'],
    })
    try {
      await signUpTwo(browser)
      for (const person of people) await watchWays(person, { urls: 'no relay' })
      const ids = await videoCall(...people)
      await expectBothPerceive(people, ids)
      for (const person of people) await expectWays(person, { protocol: 'tcp' })
    } finally {
      await browser.close()
    }
  },
)

test('whom the media cannot reach is told so within five seconds', async () => {
  const browser = await openBrowser()
  try {
    await signUpTwo(browser)
    const [caller, callee] = people
    // Nothing but a relay will do, and there is none.
    await watchWays(caller, { relayOnly: true, urls: 'no relay' })
    await openPersonalChat(caller, callee)
    await caller.page.getByRole('button', { name: 'Audio call' }).click()
    await callee.page.getByRole('button', { name: 'Accept' }).click()
    const told = caller.page.getByText('Sound and pictures do not get through the network').first()
    await told.waitFor({ timeout: 15_000 })
    await caller.page.getByRole('button', { name: 'Leave call' }).click()
    await told.waitFor({ state: 'detached' })
  } finally {
    await browser.close()
  }
})
