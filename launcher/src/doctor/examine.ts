import { lookup } from 'node:dns/promises'
import type { Diagnosis } from '@beseda/protocol/diagnosis'
import type { TransportOptions } from '@beseda/protocol/media'
import { replyFrameSchema, requests } from '@beseda/protocol/signalling'
import { type RedisSettings, urlOfParts } from '../redis.ts'
import { findWorker } from '../worker/provide.ts'
import { askPostgres, askRedis } from './backing.ts'
import { tryWays, type Way } from './ice.ts'
import { tryRelay } from './relay.ts'
import { askPage, holdSocket, openMs } from './server.ts'
import type { Findings, NodeFinding } from './verdict.ts'

export type Patient = {
  /** Where people find the server. */
  url: string
  /** What this machine knows of it; absent when looking from elsewhere. */
  host?: { env: NodeJS.ProcessEnv; settings: RedisSettings & { DATABASE_URL?: string | undefined } }
  /** Ask the server for the ways to try; undefined when it can't be asked. */
  diagnose: () => Promise<Diagnosis | undefined>
  /** The access token of a person, to hold the event socket with. */
  accessToken?: string | undefined
}

export type Patience = {
  /** How long a WebSocket is held in silence, in ms; 0 to leave that out. */
  holdMs: number
  /** How long an answer of the network is waited for, in ms. */
  answerMs: number
}

/** Look at everything at once. */
export async function examine(patient: Patient, patience: Patience): Promise<Findings> {
  const { url, host, accessToken } = patient
  const events = `${url.replace(/^http/, 'ws').replace(/\/$/, '')}/api/ws`
  const hello = JSON.stringify({ type: 'hello', token: accessToken })
  const [page, backing, rest, held] = await Promise.all([
    askPage(url),
    host && examineHost(host),
    patient.diagnose().then((found) => found && examineWays(found, patience)),
    accessToken === undefined ? undefined : holdSocket(events, hello, patience.holdMs),
  ])
  return { ...backing, page, events: held, nodes: rest?.nodes, relays: rest?.relays ?? [] }
}

async function examineHost({ env, settings }: NonNullable<Patient['host']>) {
  const redisUrl = settings.REDIS_URL ?? urlOfParts(settings)
  const [worker, postgres, redis] = await Promise.all([
    findWorker(env),
    settings.DATABASE_URL === undefined ? undefined : askPostgres(settings.DATABASE_URL),
    redisUrl === undefined ? undefined : askRedis(redisUrl),
  ])
  const named = env.MEDIASOUP_WORKER_BIN || undefined
  return { worker: { runs: worker !== undefined, named }, postgres, redis }
}

async function examineWays({ nodes, iceServers }: Diagnosis, patience: Patience) {
  const looks = nodes.map((node) => knock(node, patience))
  const opened = await Promise.all(looks.map((look) => look.opened))
  const transports = opened.map((one) => one.transports)
  // A relay is asked to reach the first SFU that let us in.
  const target = transports.flat()[0]
  const [ways, relays] = await Promise.all([
    Promise.all(transports.map((some) => tryAll(some, patience))),
    Promise.all(
      iceServers.flatMap(({ urls, username = '', credential = '' }) =>
        urls.map((url) => tryRelay(url, { username, credential }, target, patience.answerMs)),
      ),
    ),
  ])
  for (const look of looks) look.letGo()
  const found = looks.map(
    async ({ url, socket }, at): Promise<NodeFinding> => ({
      socket: await socket,
      refusal: opened[at]?.refusal,
      resolved: await addressesOf(new URL(url).hostname),
      ways: ways[at] ?? [],
    }),
  )
  return { nodes: await Promise.all(found), relays }
}

async function tryAll(transports: TransportOptions[], { answerMs }: Patience): Promise<Way[]> {
  const ways = await Promise.all(transports.map((one) => tryWays(one, answerMs)))
  return ways.flat()
}

type Opened = { transports: TransportOptions[]; refusal?: string }

/** Ask an SFU for transports, which last as long as the socket, and stay connected in silence. */
function knock({ url, token }: Diagnosis['nodes'][number], { holdMs, answerMs }: Patience) {
  const opened = Promise.withResolvers<Opened>()
  const free = Promise.withResolvers<void>()
  const request = JSON.stringify({ id: 1, type: 'probe', data: { token } })
  const onAnswer = (frame: string) => {
    const reply = replyFrameSchema.parse(JSON.parse(frame))
    opened.resolve(
      reply.ok
        ? requests.probe.reply.parse(reply.data)
        : { transports: [], refusal: reply.error.code },
    )
  }
  const socket = holdSocket(url, request, holdMs, onAnswer, free.promise)
  // One that does not open, or closes, says so itself.
  void socket.then(() => opened.resolve({ transports: [] }))
  const late = setTimeout(
    () => opened.resolve({ transports: [], refusal: 'no answer' }),
    openMs + answerMs,
  )
  void opened.promise.then(() => clearTimeout(late))
  return { url, socket, opened: opened.promise, letGo: free.resolve }
}

async function addressesOf(hostname: string): Promise<string[]> {
  const found = await lookup(hostname.replace(/^\[|\]$/g, ''), { all: true }).catch(() => [])
  return found.map(({ address }) => address)
}
