import { withPostgres } from '@beseda/launcher/testing/postgres'
import { Redis } from 'ioredis'
import pg from 'pg'
import { v7 as uuid } from 'uuid'
import { withBeseda } from './beseda.ts'
import { median, percentile, type Row } from './numbers.ts'
import { type Child, startChild } from './sockets/child.ts'
import { jwtSecret, makeRoom, openEventSockets, untilCalm, writeCrowd } from './sockets/crowd.ts'
import type { Listeners } from './sockets/listeners.ts'
import type { Peer } from './sockets/peers.ts'
import { cpuOf } from './worker-cpu.ts'

const sockets = 1_000
/** Rounds of so many messages to each, one message after the other. */
const rounds = 25
const batch = 10
const warmUp = 3

/** Something that passes messages on to so many sockets. */
type Side = {
  pid: number
  sockets: number
  /** Resolves when the request is answered, to when the message was committed, in ms of the steady clock. */
  send(clientId: string): Promise<number | undefined>
}
/** One message, in ms: from the request until it was committed, from there until the first has it, and the last. */
type Sample = { commit: number; first: number; spread: number }
/** CPU is that of a message in µs. */
type Samples = { cpu: number[]; messages: Sample[] }

const kinds = ['raw', 'ws', 'socket.io'] as const
const names = {
  raw: 'raw ws, one prebuilt frame',
  ws: 'ws.send',
  'socket.io': 'Socket.IO',
  beseda: 'Beseda',
}

/**
 * One message to a thousand event sockets: the server's CPU per delivery, all
 * that a message costs it included, and the time until the last has it, beside
 * servers that do nothing else, in turns.
 */
export function measureFanout(): Promise<Row[]> {
  return withPostgres((databaseUrl) =>
    withBeseda(
      { DATABASE_URL: databaseUrl, JWT_SECRET: jwtSecret },
      async ({ url, redisUrl, processes }) => {
        const listeners = startChild<Listeners>('listeners.ts')
        const children: { close(): Promise<void> }[] = [listeners]
        const redis = new Redis(redisUrl)
        try {
          const sides: Record<string, Side> = {}
          for (const kind of kinds) {
            const peer = startChild<Peer>('peers.ts', [kind])
            children.push(peer)
            sides[kind] = await openPeer(kind, peer, listeners)
          }
          const pid = processes.server.pid ?? 0
          Object.assign(sides, await openBeseda(databaseUrl, url, pid, { listeners, redis }))
          await untilCalm(listeners)
          return rowsOf(await measure(sides, listeners))
        } finally {
          redis.disconnect()
          for (const child of children) await child.close()
        }
      },
    ),
  )
}

async function measure(sides: Record<string, Side>, listeners: Child<Listeners>) {
  const samples: Record<string, Samples> = Object.fromEntries(
    Object.keys(sides).map((name) => [name, { cpu: [], messages: [] }]),
  )
  const order = Object.keys(sides)
  for (let round = 0; round < warmUp + rounds; round++) {
    for (const name of order) {
      const [side, kept] = [sides[name], samples[name]]
      if (!side || !kept) continue
      const seen = await sendBatch(side, listeners)
      if (round < warmUp) continue
      kept.cpu.push(seen.cpu)
      kept.messages.push(...seen.messages)
    }
    // Each goes first in turn, so that a machine that speeds up or slows down favours none.
    order.push(order.shift() ?? '')
  }
  return samples
}

async function sendBatch(side: Side, listeners: Child<Listeners>) {
  const messages: Sample[] = []
  const before = await cpuOf(side.pid)
  for (let index = 0; index < batch; index++) {
    const clientId = uuid()
    await listeners.ask('expect', { text: clientId, count: side.sockets })
    const begin = now()
    const [committedAt = begin, { first, last }] = await Promise.all([
      side.send(clientId),
      listeners.ask('arrivals'),
    ])
    messages.push({
      commit: committedAt - begin,
      first: first - committedAt,
      spread: last - committedAt,
    })
  }
  const cpu = Number((await cpuOf(side.pid)) - before) / 1000 / batch
  return { cpu, messages }
}

async function openPeer(
  kind: (typeof kinds)[number],
  peer: Child<Peer>,
  listeners: Child<Listeners>,
): Promise<Side> {
  const port = await peer.ask('port')
  const manners =
    kind === 'socket.io'
      ? {
          path: '/socket.io/?EIO=4&transport=websocket',
          replies: [
            ['0{', '40'],
            ['2', '3'],
          ] as [string, string][],
          welcome: '40',
        }
      : { path: '/', replies: [], welcome: null }
  await listeners.ask('open', { port, manners, hellos: Array(sockets).fill('') })
  return {
    pid: peer.pid,
    sockets,
    async send(clientId) {
      await post(`http://127.0.0.1:${port}/`, JSON.stringify(eventLike(clientId)))
      return undefined
    },
  }
}

async function openBeseda(
  databaseUrl: string,
  url: string,
  pid: number,
  { listeners, redis }: { listeners: Child<Listeners>; redis: Redis },
): Promise<Record<'beseda' | 'alone', Side>> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const faces = await writeCrowd(client, sockets)
  const [host] = faces
  if (!host) throw new Error('nobody is here')
  const headers = { authorization: `Bearer ${host.token}` }
  const chatId = await makeRoom(client, url, 'channel', faces)
  const aloneId = await makeRoom(client, url, 'channel', [host])
  await client.end()
  await openEventSockets(listeners, url, faces)
  // What the server tells itself through Redis has been committed.
  let published = Promise.withResolvers<number>()
  let wanted = ''
  await redis.subscribe('events:0')
  redis.on('message', (_channel, text) => {
    if (wanted !== '' && text.includes(wanted)) published.resolve(now())
  })
  const write = (chatId: string) => async (clientId: string) => {
    wanted = clientId
    published = Promise.withResolvers()
    const { body } = eventLike(clientId).message
    const path = `${url}/api/chats/${chatId}/messages`
    await post(path, JSON.stringify({ clientId, body }), headers)
    return published.promise
  }
  return {
    beseda: { pid, sockets, send: write(chatId) },
    alone: { pid, sockets: 1, send: write(aloneId) },
  }
}

/** An event as large as Beseda's. */
const eventLike = (clientId: string) => ({
  type: 'message.created',
  message: {
    id: clientId,
    chatId: clientId,
    seq: 1_000,
    clientId,
    body: 'Shall we meet at seven?',
    filler: 'x'.repeat(260),
  },
})

async function post(url: string, body: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
  return response.json()
}

/** Milliseconds of the clock that all processes of the machine share. */
const now = () => Number(process.hrtime.bigint()) / 1e6

function rowsOf(samples: Record<string, Samples>): Row[] {
  const rows: Row[] = []
  const figure = (name: string) => {
    const { cpu = [], messages = [] } = samples[name] ?? {}
    const spreads = messages.map(({ spread }) => spread)
    return {
      cpu: percentile(cpu, 0.5) / sockets,
      p50: percentile(spreads, 0.5),
      p99: percentile(spreads, 0.99),
    }
  }
  for (const [name, what] of Object.entries(names)) {
    const { cpu, p50, p99 } = figure(name)
    rows.push(
      { what: `${what}: CPU per delivery`, value: cpu, unit: 'µs' },
      { what: `${what}: until the last of ${sockets} has it, p50`, value: p50, unit: 'ms' },
      { what: `${what}: the same, p99`, value: p99, unit: 'ms' },
    )
  }
  const messages = samples.beseda?.messages ?? []
  const p50 = (part: keyof Sample) => median(messages.map((message) => message[part]))
  const alone = median(samples.alone?.cpu ?? []) / sockets
  const [ours, raw, peer] = [figure('beseda'), figure('raw'), figure('socket.io')]
  return [
    ...rows,
    { what: 'Beseda: from the request until committed, p50', value: p50('commit'), unit: 'ms' },
    { what: 'Beseda: from then until the first has it, p50', value: p50('first'), unit: 'ms' },
    { what: 'Beseda: CPU of a message that nobody else hears', value: alone * sockets, unit: 'µs' },
    { what: 'CPU without that, Beseda / raw', value: (ours.cpu - alone) / raw.cpu, unit: '×' },
    { what: 'CPU, Beseda / raw', value: ours.cpu / raw.cpu, unit: '×', goal: 1.25 },
    { what: 'CPU, Beseda / Socket.IO', value: ours.cpu / peer.cpu, unit: '×', goal: 0.85 },
    { what: 'time, Beseda / raw, p50', value: ours.p50 / raw.p50, unit: '×', goal: 1.3 },
    { what: 'time, Beseda / raw, p99', value: ours.p99 / raw.p99, unit: '×', goal: 1.5 },
  ]
}
