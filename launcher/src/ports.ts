import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import { StartError } from './start-error.ts'

/** Where ports are drawn from: below those that the system gives to whoever connects. */
const DRAW_FROM = 10_000
const DRAW_TO = 30_000

/**
 * A port on `host` that is free right now, for TCP and UDP.
 *
 * @param setting the variable that asked for one, named when the host is wrong
 * @throws StartError when the host is none of this machine's, or twenty draws find no port
 */
export async function freePort(host = '127.0.0.1', setting = 'PORT'): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const port = draw(1)
    const problem = (await tcpProblem(port, host)) ?? (await udpProblem(port, host))
    if (problem === undefined) return port
    if (problem !== 'EADDRINUSE' || attempt === 20) {
      throw new StartError(explainPort(problem, port, host, setting, 'tcp'))
    }
  }
}

/** The first of `count` ports in a row. */
function draw(count: number): number {
  return DRAW_FROM + Math.floor(Math.random() * (DRAW_TO - DRAW_FROM - count))
}

/**
 * The first of `count` ports in a row that are free for UDP and TCP.
 *
 * @throws StartError when twenty draws find none
 */
export async function freeBlock(count: number, host = '127.0.0.1'): Promise<number> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const first = draw(count)
    const ports = Array.from({ length: count }, (_, i) => first + i)
    const problems = await Promise.all(
      ports.flatMap((port) => [tcpProblem(port, host), udpProblem(port, host)]),
    )
    if (problems.every((problem) => problem === undefined)) return first
  }
  throw new StartError(
    `No ${count} free ports in a row were found for media on ${host}: set SFU_RTC_PORT to the first of a free range.`,
  )
}

/**
 * Make sure that a port can be listened on.
 *
 * @param setting the variable that chose the port, named in the sentence
 * @throws StartError when it can't
 */
export async function requirePort(
  port: number,
  host: string,
  setting: string,
  kinds: readonly ('tcp' | 'udp')[] = ['tcp'],
): Promise<void> {
  for (const kind of kinds) {
    const code = await (kind === 'tcp' ? tcpProblem(port, host) : udpProblem(port, host))
    if (code !== undefined) throw new StartError(explainPort(code, port, host, setting, kind))
  }
}

function explainPort(code: string, port: number, host: string, setting: string, kind: string) {
  const hostSetting = setting.startsWith('SFU') ? 'SFU_HOST' : 'HOST'
  switch (code) {
    case 'EADDRINUSE':
      return `${kind === 'udp' ? 'UDP port' : 'Port'} ${port} on ${host} is taken: stop what uses it (another Beseda?) or set ${setting} to another port.`
    case 'EACCES':
      return `Port ${port} may not be opened by this user: set ${setting} to a port of 1024 or more.`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host} is no address of this machine: correct ${hostSetting} (127.0.0.1 for this machine only, 0.0.0.0 for everybody).`
    default:
      return `Port ${port} on ${host} can't be opened (${code}): correct ${hostSetting} or ${setting}.`
  }
}

function tcpProblem(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', (error) => resolve(codeOf(error)))
    probe.listen(port, host, () => probe.close(() => resolve(undefined)))
  })
}

function udpProblem(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createSocket(host.includes(':') ? 'udp6' : 'udp4')
    probe.once('error', (error) => {
      probe.close()
      resolve(codeOf(error))
    })
    probe.bind({ port, address: host, exclusive: true }, () =>
      probe.close(() => resolve(undefined)),
    )
  })
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message
}
