import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type RelaySite, relayConf } from '../coturn/conf.ts'
import { provideCoturn } from '../coturn/provide.ts'
import { freeBlock, freePort } from '../ports.ts'
import { rootDir } from '../root.ts'
import { run } from '../run.ts'

/** A real coturn that runs with the repository's turnserver.conf. */
export type Relay = {
  /** UDP and TCP. */
  port: number
  tlsPort: number
  /** What it has said so far, a line each. */
  log: readonly string[]
  close(): Promise<void>
}

type RelayOptions = {
  /** The address of this machine that it listens on and relays from. */
  host: string
  /** Without it the repository's file is used as it is. */
  site?: Pick<RelaySite, 'login' | 'peers'>
  /** Its certificate ended in 2020. */
  expired?: boolean
}

/** How many relayed ports a test's relay has; each takes one. */
const relayedPorts = 100

/** Milliseconds that coturn may take to listen. */
const startMs = 30_000

/** Start a relay and wait until it listens. @throws StartError, or what coturn said when it ended */
export async function startRelay({ host, site, expired }: RelayOptions): Promise<Relay> {
  const bin = await provideCoturn()
  const dir = mkdtempSync(join(tmpdir(), 'beseda-relay-'))
  const certificate = await makeCertificate(dir, host)
  if (expired) await letExpire(dir, certificate)
  const [port, tlsPort] = [await freePort(host), await freePort(host)]
  const minPort = await freeBlock(relayedPorts, host)
  const template = readFileSync(join(rootDir, 'turnserver.conf'), 'utf8')
  const here = [
    `listening-ip=${host}`,
    `relay-ip=${host}`,
    `listening-port=${port}`,
    `tls-listening-port=${tlsPort}`,
    `min-port=${minPort}`,
    `max-port=${minPort + relayedPorts - 1}`,
    `pidfile=${join(dir, 'pid')}`,
    // Written to disk when the first user asks, eight tables one after the other: seconds, on a busy one.
    'userdb=:memory:',
    'verbose',
  ]
  const conf = join(dir, 'turnserver.conf')
  const replaced = here.map((line) => line.split('=')[0])
  const whole = site ? relayConf(template, { ...site, certificate }) : template
  const kept = whole.split('\n').filter((line) => !replaced.includes(line.split('=')[0]))
  writeFileSync(conf, `${[...kept, ...here].join('\n')}\n`, { mode: 0o600 })

  const child = spawn(bin, ['-c', conf], { stdio: ['ignore', 'pipe', 'pipe'] })
  const log: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => log.push(...text.trim().split('\n')))
  }
  const close = async () => {
    await end(child)
    rmSync(dir, { recursive: true, force: true })
  }
  // Without a certificate there is no TLS.
  for (const one of site ? [port, tlsPort] : [port]) {
    const giveUpAt = Date.now() + startMs
    while (!(await answers(one, host))) {
      if (child.exitCode === null && Date.now() < giveUpAt) await sleep(50)
      else {
        await close()
        throw new Error(`coturn does not listen: ${log.slice(-8).join('\n')}`)
      }
    }
  }
  return { port, tlsPort, log, close }
}

/** A certificate of its own for an address, good for two days; PEM files in `dir`. */
export async function makeCertificate(dir: string, host: string) {
  const [cert, key] = [join(dir, 'cert.pem'), join(dir, 'key.pem')]
  const { code, tail } = await run('openssl', [
    ...['req', '-x509', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
    ...['-days', '2', '-subj', '/CN=relay', '-addext', `subjectAltName=IP:${host}`],
    ...['-keyout', key, '-out', cert],
  ])
  if (code !== 0) throw new Error(`openssl made no certificate: ${tail}`)
  return { cert, key }
}

/** Sign the key again, with an end that has passed. */
async function letExpire(dir: string, { cert, key }: { cert: string; key: string }) {
  const [request, conf] = [join(dir, 'request.pem'), join(dir, 'ca.conf')]
  const section = [`database=${join(dir, 'index.txt')}`, `new_certs_dir=${dir}`, 'rand_serial=yes']
  const lines = ['[ca]', 'default_ca=own', '[own]', ...section, 'default_md=sha256', 'policy=any']
  writeFileSync(conf, `${[...lines, '[any]', 'commonName=supplied'].join('\n')}\n`)
  writeFileSync(join(dir, 'index.txt'), '')
  for (const args of [
    ['req', '-new', '-key', key, '-subj', '/CN=relay', '-out', request],
    [
      ...['ca', '-batch', '-selfsign', '-config', conf, '-keyfile', key, '-in', request],
      ...['-out', cert, '-startdate', '20200101000000Z', '-enddate', '20200201000000Z'],
    ],
  ]) {
    const { code, tail } = await run('openssl', args)
    if (code !== 0) throw new Error(`openssl made no expired certificate: ${tail}`)
  }
}

function answers(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host)
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}
