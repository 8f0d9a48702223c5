import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { networkInterfaces } from 'node:os'
import { diagnosisSchema } from '@beseda/protocol/diagnosis'
import type { TransportOptions } from '@beseda/protocol/media'
import { openTestHouse, type TestHouse, testRedisUrl } from '@beseda/server/testing/app'
import type { Sfu } from '@beseda/sfu/build'
import { startTestSfu } from '@beseda/sfu/testing/node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeAdminApi } from '../admin/api.ts'
import { freePort } from '../ports.ts'
import { type Relay, startRelay } from '../testing/relay.ts'
import { findWorker } from '../worker/provide.ts'
import { askPostgres, askRedis } from './backing.ts'
import { examine } from './examine.ts'
import { tryWays } from './ice.ts'
import { tryRelay } from './relay.ts'
import { askPage, holdSocket } from './server.ts'
import { type Findings, judge } from './verdict.ts'

const secret = 'a secret of the relay and the server'
const callSecret = 'a secret for call tokens, of tests only'
/** No browser and no relay sends media over loopback. */
const host =
  Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1'
/** Of this machine nobody has it (RFC 5737). */
const nowhere = '198.51.100.7'
const patience = { holdMs: 0, answerMs: 3_000 }

let house: TestHouse
let relay: Relay
const closers: (() => Promise<unknown> | unknown)[] = []

beforeAll(async () => {
  relay = await startRelay({ host, site: { login: { secret }, peers: [host] }, expired: true })
  house = await openTestHouse({
    TURN_SECRET: secret,
    TURN_SERVER_URL: `turn:${host}:${relay.port}`,
    CALL_TOKEN_SECRET: callSecret,
  })
}, 120_000)
afterAll(async () => {
  for (const close of closers.reverse()) await close()
  await house?.close()
  await relay?.close()
})

/** An SFU that reports to the house until `work` is done. */
async function withSfu<Result>(
  settings: Parameters<typeof startTestSfu>[0],
  work: (sfu: Sfu) => Promise<Result>,
): Promise<Result> {
  const sfu = await startTestSfu({
    ...{ SFU_HOST: host, REDIS_URL: testRedisUrl(), CALL_TOKEN_SECRET: callSecret },
    SFU_PUBLIC_URL: undefined,
    SFU_RTC_PORT: await freePort(host),
    ...settings,
  })
  return work(sfu).finally(sfu.close)
}

/** What the doctor says of a house. */
async function look(diagnosed = (found: unknown) => found) {
  // The name of the SFU in these tests is the address it listens on.
  const diagnose = async () => {
    const found = await diagnosis()
    const nodes = found.nodes.map((node) => ({ ...node, url: node.url.replace('127.0.0.1', host) }))
    return diagnosisSchema.parse(diagnosed({ ...found, nodes }))
  }
  return examine({ url: house.first.url, diagnose }, patience)
}
const ids = (found: Findings) => judge(found).map(({ id }) => id)

async function diagnosis() {
  const { url, services } = house.first
  const api = makeAdminApi({ url, dataDir: services.settings.DATA_DIR })
  return api('POST', '/diagnosis', diagnosisSchema)
}

/** Start a server that stops with the tests. */
async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => server.close())
  return (server.address() as AddressInfo).port
}

describe('ways of media', () => {
  test('all that works is tried, and nothing said of it', async () => {
    const found = await withSfu({ SFU_WORKERS: 2 }, () => look())
    expect(found.nodes?.[0]?.ways).toHaveLength(4)
    expect(found.relays).toMatchObject([{ allocated: 0, permitted: 0, forwarded: true }])
    expect(judge(found)).toEqual([])
  })

  test('a wrong announced address, which the relay is not told of either', async () => {
    const found = await withSfu({ SFU_ANNOUNCED_ADDRESS: [nowhere] }, () => look())
    expect(judge(found)).toMatchObject([
      { id: 'wrong-announced-address', fix: `Set SFU_ANNOUNCED_ADDRESS to ${host}.` },
      { id: 'turn-refuses-sfu' },
    ])
  })

  // A socket that never answers stands where a firewall drops what comes.
  test('blocked UDP, and closed relayed ports', async () => {
    const swallow = createSocket('udp4').bind(0, host)
    await once(swallow, 'listening')
    closers.push(() => swallow.close())
    const { port } = swallow.address()
    const drop = (transport: TransportOptions): TransportOptions => ({
      ...transport,
      iceCandidates: transport.iceCandidates.map((candidate) =>
        candidate.protocol === 'udp' ? { ...candidate, port } : candidate,
      ),
    })
    await withSfu({}, async ({ pool }) => {
      const found = await look()
      const [worker] = pool.workers
      const router = await worker?.worker.createRouter()
      if (!worker || !router) throw new Error('no worker')
      const transport = await router.createWebRtcTransport({ webRtcServer: worker.server })
      const { id, iceParameters, iceCandidates, dtlsParameters } = transport
      const dropping = drop({ id, iceParameters, iceCandidates, dtlsParameters })
      const login = (await diagnosis()).iceServers[0]
      const [ways, relayed] = await Promise.all([
        tryWays(dropping, patience.answerMs),
        tryRelay(
          `turn:${host}:${relay.port}`,
          { username: login?.username ?? '', credential: login?.credential ?? '' },
          dropping,
          patience.answerMs,
        ),
      ])
      const [node] = found.nodes ?? []
      const blocked = { ...found, nodes: node && [{ ...node, ways }] }
      expect(ids(blocked)).toEqual(['udp-blocked'])
      expect(relayed).toMatchObject({ allocated: 0, permitted: 0, forwarded: false })
      expect(ids({ ...found, relays: [relayed] })).toEqual(['relay-ports-closed'])
    })
  })

  test('an SFU with another secret', async () => {
    const found = await withSfu({ CALL_TOKEN_SECRET: 'another secret, of 32 characters' }, () =>
      look(),
    )
    expect(ids(found)).toEqual(['call-secret-mismatch'])
  })

  test('no SFU', async () => {
    expect(ids(await look())).toEqual(['sfu-missing'])
  })
})

describe('relays', () => {
  const relays = (found: unknown, change: object) => ({
    ...(found as object),
    iceServers: [{ ...(found as { iceServers: object[] }).iceServers[0], ...change }],
  })

  test('another secret', async () => {
    const wrong = (found: unknown) => relays(found, { credential: 'made with another secret' })
    expect(ids(await withSfu({}, () => look(wrong)))).toEqual(['turn-secret-mismatch'])
  })

  test('an expired certificate', async () => {
    const tls = (found: unknown) => relays(found, { urls: [`turns:${host}:${relay.tlsPort}`] })
    const found = await withSfu({}, () => look(tls))
    expect(ids(found)).toEqual(['turn-certificate-expired'])
    expect(judge(found)[0]?.what).toMatch(/expired on Feb {1,2}1 00:00:00 2020 GMT/)
  })

  test('no relay', async () => {
    const port = await freePort(host)
    const gone = (found: unknown) => relays(found, { urls: [`turn:${host}:${port}?transport=tcp`] })
    expect(ids(await withSfu({}, () => look(gone)))).toEqual(['turn-unreachable'])
  })
})

describe('the server', () => {
  const found = (part: Partial<Findings>): Findings => ({
    page: { url: 'https://chat.example' },
    relays: [],
    ...part,
  })

  test('a proxy that ends quiet WebSockets', async () => {
    const { port } = new URL(house.first.url)
    const proxy = createServer((socket) => {
      const onward = connect(Number(port), '127.0.0.1')
      const end = () => {
        socket.destroy()
        onward.destroy()
      }
      for (const one of [socket, onward]) one.on('error', end).on('close', end)
      // From the answer to the upgrade on, which may take its time.
      onward.once('data', () => onward.setTimeout(300, end))
      socket.pipe(onward).pipe(socket)
    })
    const anna = await house.person()
    const address = `ws://127.0.0.1:${await listen(proxy)}/api/ws`
    const hello = JSON.stringify({ type: 'hello', token: anna.token })
    const events = await holdSocket(address, hello, 60_000)
    expect(ids(found({ events }))).toEqual(['websocket-cut'])
    const direct = await holdSocket(address.replace(/:\d+/, `:${port}`), hello, 500)
    expect(ids(found({ events: direct }))).toEqual([])
  })

  test('a proxy that does not carry WebSockets', async () => {
    const proxy = createHttpServer((_request, response) => response.writeHead(404).end())
    const events = await holdSocket(`ws://127.0.0.1:${await listen(proxy)}/api/ws`, '{}', 1_000)
    expect(ids(found({ events }))).toEqual(['websocket-refused'])
  })

  test('a clock that is off', async () => {
    const server = createHttpServer((_request, response) => {
      const date = new Date(Date.now() - 120_000).toUTCString()
      response.setHeader('date', date).end('{"status":"ok"}')
    })
    const page = await askPage(`http://127.0.0.1:${await listen(server)}`)
    expect(judge(found({ page }))).toMatchObject([
      { id: 'clock-off', what: expect.stringMatching(/server is 1[12]\d s behind/) },
    ])
  })

  test('no HTTPS, nobody there, somebody else there', async () => {
    const { port } = new URL(house.first.url)
    expect(ids(found({ page: await askPage(`http://0.0.0.0:${port}`) }))).toEqual(['no-https'])
    const closed = await askPage(`http://127.0.0.1:${await freePort()}`)
    expect(ids(found({ page: closed }))).toEqual(['server-unreachable'])
    const other = createHttpServer((_request, response) => response.end('Welcome'))
    const page = await askPage(`http://127.0.0.1:${await listen(other)}`)
    expect(judge(found({ page }))[0]?.what).toContain('something else answers')
  })

  test('PostgreSQL and Redis that are not there', async () => {
    const port = await freePort()
    const postgres = await askPostgres(`postgres://anna:secret@127.0.0.1:${port}/beseda`)
    const redis = await askRedis(`redis://127.0.0.1:${port}`)
    const problems = judge(found({ postgres, redis }))
    expect(problems.map(({ id }) => id)).toEqual(['database-unreachable', 'redis-unreachable'])
    expect(JSON.stringify(problems)).not.toContain('secret')
  })

  test('a Redis that is too old, and one that will do', async () => {
    const redis = await askRedis(testRedisUrl())
    expect(ids(found({ redis }))).toEqual([])
    const old = createServer((socket) => {
      socket.on('data', (bytes) => {
        const info = '# Server\r\nredis_version:5.0.14\r\nloading:0\r\n'
        const now = String(Math.floor(Date.now() / 1000))
        for (const word of bytes
          .toString()
          .toLowerCase()
          .matchAll(/\b(hello|info|time|client)\b/g)) {
          if (word[1] === 'info') socket.write(`$${info.length}\r\n${info}\r\n`)
          else if (word[1] === 'time') socket.write(`*2\r\n$10\r\n${now}\r\n$1\r\n0\r\n`)
          else if (word[1] === 'hello') socket.write('-ERR unknown command\r\n')
          else socket.write('+OK\r\n')
        }
      })
    })
    const aged = await askRedis(`redis://127.0.0.1:${await listen(old)}`)
    expect(ids(found({ redis: aged }))).toEqual(['redis-too-old'])
  })

  test('a media worker that does not run', async () => {
    const named = '/bin/false'
    const worker = await findWorker({ ...process.env, MEDIASOUP_WORKER_BIN: named })
    expect(ids(found({ worker: { runs: worker !== undefined, named } }))).toEqual([
      'worker-missing',
    ])
    expect(await findWorker(process.env)).toBeDefined()
  })
})
