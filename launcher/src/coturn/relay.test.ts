import { createHmac } from 'node:crypto'
import { networkInterfaces } from 'node:os'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Relay, startRelay } from '../testing/relay.ts'
import { openTurnClient, type TurnLogin } from '../testing/turn-client.ts'

const host = '127.0.0.1'
const secret = 'a secret of the relay and the server'
const sfu = '198.18.0.7'

/** As the server makes them: good for `seconds` from now. */
function made(seconds: number, { by = secret, user = 'anna' } = {}): TurnLogin {
  const username = `${Math.floor(Date.now() / 1000) + seconds}:${user}`
  return { username, credential: createHmac('sha1', by).update(username).digest('base64') }
}

let relay: Relay
const clients: ReturnType<typeof openTurnClient>[] = []

function knock(login?: TurnLogin, at = host) {
  const client = openTurnClient(at, relay.port, login)
  clients.push(client)
  return client
}

afterAll(() => {
  for (const client of clients) client.close()
})

describe('a relay that shares a secret with the server', () => {
  beforeAll(async () => {
    relay = await startRelay({ host, site: { login: { secret }, peers: [sfu] } })
  }, 120_000)
  afterAll(() => relay?.close())

  test('lets in whom the server has let in, and forwards to the SFU', async () => {
    const client = knock(made(60))
    expect(await client.allocate()).toBe(0)
    expect(await client.permit(sfu)).toBe(0)
  })

  test.each([
    ['an expired credential', made(-60)],
    ['one of another secret', made(60, { by: 'something that was guessed' })],
    ['one whose end was put off', { ...made(60), username: made(6_000).username }],
    [
      'one that was made for another user',
      { ...made(60), username: made(60, { user: 'eve' }).username },
    ],
    ['one without an end', { username: 'anna', credential: made(60).credential }],
    ['none at all', undefined],
  ])('refuses %s', async (_, login) => {
    expect(await knock(login).allocate()).toBe(401)
  })

  test.each([
    ['10.0.0.0/8', '10.1.2.3'],
    ['172.16.0.0/12', '172.16.5.5'],
    ['192.168.0.0/16', '192.168.1.1'],
    ['carrier NAT', '100.64.0.1'],
    ['link-local and cloud metadata', '169.254.169.254'],
    ['itself', '127.0.0.1'],
    ['all of its own addresses', '0.0.0.0'],
    ['multicast', '224.0.0.1'],
    ['the internet: it is no open relay', '8.8.8.8'],
    ['whoever is next to the SFU', '198.18.0.8'],
  ])('forwards nothing to %s', async (_, peer) => {
    const client = knock(made(60))
    expect(await client.allocate()).toBe(0)
    expect(await client.permit(peer)).toBe(403)
  })
})

test('a relay with fixed credentials takes those and no other', async () => {
  const login = { username: 'beseda', password: 'a fixed password' }
  relay = await startRelay({ host, site: { login, peers: [sfu] } })
  try {
    const right = knock({ username: 'beseda', credential: 'a fixed password' })
    expect(await right.allocate()).toBe(0)
    expect(await right.permit(sfu)).toBe(0)
    expect(await right.permit('192.168.1.1')).toBe(403)
    expect(await knock({ username: 'beseda', credential: 'another' }).allocate()).toBe(401)
    expect(await knock(made(60)).allocate()).toBe(401)
  } finally {
    await relay.close()
  }
}, 120_000)

test('the file of the repository as it is lets nobody in', async () => {
  relay = await startRelay({ host })
  try {
    for (const by of [secret, '', 'secret']) {
      expect(await knock(made(60, { by })).allocate()).toBe(401)
    }
    expect(await knock().allocate()).toBe(401)
  } finally {
    await relay.close()
  }
}, 120_000)

const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
)

test.runIf(hasIpv6)(
  'IPv6 is no way around',
  async () => {
    relay = await startRelay({
      host: '::1',
      site: { login: { secret }, peers: [sfu, '2001:db8::7'] },
    })
    try {
      const client = knock(made(60), '::1')
      expect(await client.allocate('ipv6')).toBe(0)
      expect(await client.permit('2001:db8::7')).toBe(0)
      for (const peer of [
        '::1',
        'fe80::1',
        'fd00::1',
        '2001:db8::8',
        '::ffff:10.1.2.3',
        '::10.1.2.3',
      ])
        expect(await client.permit(peer), peer).toBe(403)
    } finally {
      await relay.close()
    }
  },
  120_000,
)
