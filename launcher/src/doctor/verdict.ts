import type { Backing } from './backing.ts'
import type { Way } from './ice.ts'
import type { RelayFinding } from './relay.ts'
import type { Page, QuietSocket } from './server.ts'

/** One SFU, as somebody finds it who comes from here. */
export type NodeFinding = {
  socket: QuietSocket
  /** The code with which it refused to be tried. */
  refusal?: string | undefined
  /** Addresses that the host name of its signalling stands for. */
  resolved: string[]
  ways: Way[]
}

/** Everything that was looked at; what was not is absent. */
export type Findings = {
  worker?: { runs: boolean; named: string | undefined } | undefined
  postgres?: Backing | undefined
  redis?: Backing | undefined
  page: Page
  /** The event socket of the server. */
  events?: QuietSocket | undefined
  /** Absent when the server could not be asked. */
  nodes?: NodeFinding[] | undefined
  relays: RelayFinding[]
}

export type Problem = {
  id:
    | 'worker-missing'
    | 'database-unreachable'
    | 'database-too-old'
    | 'redis-unreachable'
    | 'redis-too-old'
    | 'server-unreachable'
    | 'no-https'
    | 'clock-off'
    | 'websocket-refused'
    | 'websocket-cut'
    | 'sfu-missing'
    | 'sfu-unreachable'
    | 'call-secret-mismatch'
    | 'sfu-refuses'
    | 'wrong-announced-address'
    | 'media-ports-closed'
    | 'udp-blocked'
    | 'turn-unreachable'
    | 'turn-certificate-expired'
    | 'turn-certificate-untrusted'
    | 'turn-secret-mismatch'
    | 'turn-refuses-sfu'
    | 'relay-ports-closed'
  /** What is wrong, in one sentence. */
  what: string
  /** What to do, in one sentence. */
  fix: string
}

/** The oldest that are supported: no older one is tested with. */
const oldestPostgres = 14
/** Has all that is used of streams (XAUTOCLAIM). */
const oldestRedis = [6, 2] as const
/** Call tokens live for a minute. */
const clockMs = 20_000
const networkTime = 'Keep both machines on network time: `timedatectl set-ntp true`.'

/** What is wrong, causes before what follows from them. */
export function judge(findings: Findings): Problem[] {
  const nodes = findings.nodes ?? []
  return [
    ...judgeWorker(findings),
    ...judgePostgres(findings.postgres),
    ...judgeRedis(findings.redis),
    ...judgePage(findings.page),
    ...judgeClocks(findings),
    ...(findings.events ? judgeSocket(findings.events) : []),
    ...judgePresence(findings),
    ...nodes.flatMap(judgeNode),
    ...findings.relays.flatMap((relay) => judgeRelay(relay, nodes)),
  ].filter(isFirstOfItsKind)
}

/** Several SFUs behind one proxy need one fix. */
function isFirstOfItsKind(problem: Problem, at: number, all: Problem[]): boolean {
  return all.findIndex(({ id, fix }) => id === problem.id && fix === problem.fix) === at
}

function judgeWorker({ worker }: Findings): Problem[] {
  if (!worker || worker.runs) return []
  return [
    {
      id: 'worker-missing',
      what: worker.named
        ? `MEDIASOUP_WORKER_BIN names ${worker.named}, which is no media worker that runs here.`
        : 'There is no media worker that runs here, so that no call can take place.',
      fix: worker.named
        ? 'Correct MEDIASOUP_WORKER_BIN, or leave it unset to have one provided.'
        : 'Run `npx pnpm start` once: it fetches the worker, or builds it.',
    },
  ]
}

function judgePostgres(found: Backing | undefined): Problem[] {
  if (!found) return []
  if (!found.reachable) {
    return [
      {
        id: 'database-unreachable',
        what: `PostgreSQL does not let us in (${found.reason}).`,
        fix: 'Start it, or correct host, user, password and database in DATABASE_URL.',
      },
    ]
  }
  if (Number.parseInt(found.version, 10) >= oldestPostgres) return []
  return [
    {
      id: 'database-too-old',
      what: `PostgreSQL is ${found.version}, which is too old.`,
      fix: `Upgrade it to ${oldestPostgres} or newer.`,
    },
  ]
}

function judgeRedis(found: Backing | undefined): Problem[] {
  if (!found) return []
  if (!found.reachable) {
    return [
      {
        id: 'redis-unreachable',
        what: `Redis does not let us in (${found.reason}).`,
        fix: 'Start it, or correct host, port and password in REDIS_URL.',
      },
    ]
  }
  const [major = 0, minor = 0] = found.version.split('.').map(Number)
  const [oldMajor, oldMinor] = oldestRedis
  if (major > oldMajor || (major === oldMajor && minor >= oldMinor)) return []
  return [
    {
      id: 'redis-too-old',
      what: `Redis is ${found.version}, which is too old.`,
      fix: `Upgrade it to ${oldestRedis.join('.')} or newer, or to Valkey.`,
    },
  ]
}

function judgePage({ url, trouble }: Page): Problem[] {
  const problems: Problem[] = []
  if (trouble !== undefined) {
    problems.push({
      id: 'server-unreachable',
      what: `The server does not answer at ${url} (${trouble}).`,
      fix: 'Start it; then see that PUBLIC_URL, DNS, the TLS certificate and the proxy lead there.',
    })
  }
  if (new URL(url).protocol === 'http:' && !isThisMachine(new URL(url).hostname)) {
    problems.push({
      id: 'no-https',
      what: `${url} is not HTTPS, and browsers give out camera and microphone on HTTPS pages only.`,
      fix: 'Put a TLS proxy in front and set PUBLIC_URL to its https: address.',
    })
  }
  return problems
}

function judgeClocks({ page, postgres, redis }: Findings): Problem[] {
  const clocks = [
    { name: 'the server', aheadMs: page.aheadMs },
    { name: 'PostgreSQL', aheadMs: postgres?.reachable ? postgres.aheadMs : undefined },
    { name: 'Redis', aheadMs: redis?.reachable ? redis.aheadMs : undefined },
  ]
  return clocks.flatMap(({ name, aheadMs = 0 }) => {
    if (Math.abs(aheadMs) <= clockMs) return []
    const seconds = Math.round(Math.abs(aheadMs) / 1000)
    return [
      {
        id: 'clock-off' as const,
        what: `The clock of ${name} is ${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} the one here, and tokens live for a minute.`,
        fix: networkTime,
      },
    ]
  })
}

function judgeSocket({ url, trouble, cutAfterMs }: QuietSocket): Problem[] {
  if (trouble !== undefined) {
    return [
      {
        id: 'websocket-refused',
        what: `The WebSocket ${url} does not open (${trouble}).`,
        fix: 'Let the proxy pass the headers Upgrade and Connection on, with HTTP/1.1.',
      },
    ]
  }
  if (cutAfterMs === undefined) return []
  return [
    {
      id: 'websocket-cut',
      what: `The WebSocket ${url} was ended after ${Math.round(cutAfterMs / 1000)} s of silence, sooner than Beseda lets it be heard (30 s).`,
      fix: 'Raise the read time-out of the proxy for WebSockets to an hour (nginx: `proxy_read_timeout 1h`).',
    },
  ]
}

function judgePresence({ nodes, worker }: Findings): Problem[] {
  // Without a worker there can be none.
  if (!nodes || nodes.length > 0 || worker?.runs === false) return []
  return [
    {
      id: 'sfu-missing',
      what: 'No media server (SFU) has reported to the server.',
      fix: 'Start one, with the same Redis as the server, and look into its log.',
    },
  ]
}

function judgeNode({ socket, refusal, resolved, ways }: NodeFinding): Problem[] {
  if (socket.trouble !== undefined) {
    return [
      {
        id: 'sfu-unreachable',
        what: `The media server's signalling does not open at ${socket.url} (${socket.trouble}).`,
        fix: 'Let the proxy carry WebSockets there, and set SFU_PUBLIC_URL to the wss: address that leads to SFU_PORT.',
      },
    ]
  }
  return [
    ...(refusal === undefined ? [] : [judgeRefusal(refusal, socket.url)]),
    ...judgeSocket(socket),
    ...judgeWays(ways, resolved),
  ]
}

function judgeRefusal(code: string, url: string): Problem {
  if (code === 'TOKEN_EXPIRED') {
    return {
      id: 'clock-off',
      what: `The media server at ${url} takes a token for expired that the server has just made.`,
      fix: networkTime,
    }
  }
  if (code === 'UNAUTHORIZED') {
    return {
      id: 'call-secret-mismatch',
      what: `The media server at ${url} does not believe the server's tokens.`,
      fix: 'Give both the same CALL_TOKEN_SECRET.',
    }
  }
  return {
    id: 'sfu-refuses',
    what: `The media server at ${url} refuses to be tried (${code}).`,
    fix: 'Look into its log; try again in a minute.',
  }
}

/** Of several announced addresses (a public and a LAN one, say) one that answers is enough. */
function judgeWays(ways: Way[], resolved: string[]): Problem[] {
  const addresses = unique(ways.map(({ address }) => address))
  const answering = addresses.filter((address) =>
    ways.some((way) => way.address === address && way.answers),
  )
  if (addresses.length === 0) return []
  if (answering.length === 0) {
    const ports = unique(ways.map(({ port }) => `${port}`)).join(', ')
    return addresses.some((address) => resolved.includes(address))
      ? [
          {
            id: 'media-ports-closed',
            what: `Media does not get through to ${addresses.join(', ')}: neither UDP nor TCP port ${ports} answers.`,
            fix: `Open ${ports} for UDP and TCP in the firewall of the machine and of its provider.`,
          },
        ]
      : [
          {
            id: 'wrong-announced-address',
            what: `Nothing answers at ${addresses.join(', ')}, which the media server announces; its name stands for ${resolved.join(', ') || 'no address'}.`,
            fix: `Set SFU_ANNOUNCED_ADDRESS to ${resolved[0] ?? 'its public address'}.`,
          },
        ]
  }
  const reached = ways.filter(({ address }) => answering.includes(address))
  const silent = reached.filter((way) => way.protocol === 'udp' && !way.answers)
  const closed = unique(silent.map(({ port }) => `${port}`))
  if (closed.length === 0) return []
  return [
    {
      id: 'udp-blocked',
      what: `UDP to port ${closed.join(', ')} of ${answering.join(', ')} is blocked; calls fall back to TCP and stutter.`,
      fix: `Open ${closed.join(', ')} for UDP in the firewall of the machine and of its provider.`,
    },
  ]
}

function judgeRelay(relay: RelayFinding, nodes: NodeFinding[]): Problem[] {
  const problems: Problem[] = []
  const { url, certificate } = relay
  if (certificate) {
    const expired = certificate.problem === 'expired'
    problems.push({
      id: expired ? 'turn-certificate-expired' : 'turn-certificate-untrusted',
      what: expired
        ? `The certificate of ${url} expired on ${certificate.detail}, and browsers refuse it.`
        : `Browsers do not trust the certificate of ${url} (${certificate.detail}).`,
      fix: expired
        ? 'Renew it and restart coturn, which reads it at its start.'
        : 'Give coturn a certificate for the name in TURN_SERVER_URL, with its whole chain.',
    })
  }
  return [...problems, ...judgeRelaying(relay, nodes)]
}

function judgeRelaying(relay: RelayFinding, nodes: NodeFinding[]): Problem[] {
  const { url, reached, allocated, permitted, forwarded } = relay
  if (!reached) {
    return [
      {
        id: 'turn-unreachable',
        what: `No relay answers at ${url}.`,
        fix: 'Start coturn, open its port, and correct TURN_SERVER_URL.',
      },
    ]
  }
  if (allocated === 401) {
    return [
      {
        id: 'turn-secret-mismatch',
        what: `The relay at ${url} refuses the server's credentials.`,
        fix: 'Give coturn (`static-auth-secret`) and the server (TURN_SECRET) the same secret and time.',
      },
    ]
  }
  if (permitted !== undefined && permitted !== 0) {
    return [
      {
        id: 'turn-refuses-sfu',
        what: `The relay at ${url} does not forward to the media server (${permitted}).`,
        fix: 'Print its configuration again with `npx pnpm -s turnserver`: it allows the addresses in SFU_ANNOUNCED_ADDRESS.',
      },
    ]
  }
  const sfuAnswers = nodes.some(({ ways }) =>
    ways.some(({ protocol, answers }) => protocol === 'udp' && answers),
  )
  if ((allocated !== undefined && allocated !== 0) || (forwarded === false && sfuAnswers)) {
    return [
      {
        id: 'relay-ports-closed',
        what: `The relay at ${url} lets us in, but nothing comes back through its relayed ports.`,
        fix: 'Open the UDP ports from min-port to max-port of turnserver.conf; behind a NAT set external-ip.',
      },
    ]
  }
  return []
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
}

function unique(values: string[]): string[] {
  return [...new Set(values)]
}
