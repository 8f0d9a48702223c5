import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as plain,
} from 'node:http'
import { request as secure } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { freePort } from '../ports.ts'
import { findProgram } from '../programs.ts'
import { rootDir } from '../root.ts'
import { makeCertificate } from '../testing/relay.ts'

const host = '127.0.0.1'
const name = 'chat.example.org'

/** Stands in for the server or the SFU: says which it is, and echoes what comes after an upgrade. */
async function upstream(who: string) {
  const seen: IncomingHttpHeaders[] = []
  const server = createServer((request, response) => {
    seen.push(request.headers)
    request.resume().once('end', () => response.end(who))
  })
  server.on('upgrade', ({ headers }, socket: Socket) => {
    socket.on('error', () => {})
    // RFC 6455, 4.2.2; HAProxy looks at it.
    const accept = createHash('sha1')
      .update(`${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64')
    const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade']
    socket.write(`${[...lines, `Sec-WebSocket-Accept: ${accept}`].join('\r\n')}\r\n\r\n`)
    socket.on('data', (bytes) => socket.write(`${who}: ${bytes}`))
  })
  server.listen(0, host)
  await once(server, 'listening')
  return { server, seen, port: (server.address() as AddressInfo).port }
}

let server: Awaited<ReturnType<typeof upstream>>
let sfu: Awaited<ReturnType<typeof upstream>>
let folder: string
let certificate: { cert: string; key: string }
let proxy: ChildProcess | undefined

beforeAll(async () => {
  server = await upstream('server')
  sfu = await upstream('sfu')
  folder = mkdtempSync(join(tmpdir(), 'beseda-proxies-'))
  certificate = await makeCertificate(folder, host)
})
afterEach(async () => {
  const running = proxy
  proxy = undefined
  if (!running || running.exitCode !== null || running.signalCode !== null) return
  const ended = once(running, 'exit')
  running.kill('SIGTERM')
  await ended
})
afterAll(() => {
  for (const { server: each } of [server, sfu]) {
    each.closeAllConnections()
    each.close()
  }
})

type Site = { port: number; tls: boolean }

function ask({ port, tls }: Site, path: string, headers: Record<string, string> = {}) {
  const options = { host, port, path, headers: { host: name, ...headers }, servername: name }
  return tls ? secure({ ...options, rejectUnauthorized: false }) : plain(options)
}

async function get(site: Site, path: string, headers?: Record<string, string>) {
  const asked = ask(site, path, headers).end()
  const [response]: IncomingMessage[] = await once(asked, 'response')
  let body = ''
  for await (const part of response?.setEncoding('utf8') ?? []) body += part
  return { status: response?.statusCode, body }
}

/** What comes back on a WebSocket's connection after saying hello. */
async function hello(site: Site, path: string) {
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  }
  const asked = ask(site, path, headers).end()
  const socket = await new Promise<Socket>((resolve, reject) => {
    asked.once('upgrade', (_response, socket) => resolve(socket)).once('error', reject)
    asked.once('response', ({ statusCode }) => reject(new Error(`answered ${statusCode}`)))
  })
  socket.write('hello')
  const [echo] = await once(socket, 'data')
  socket.destroy()
  return `${echo}`
}

/** Run a proxy until it answers. */
async function run(bin: string, args: string[], site: Site, env: Record<string, string> = {}) {
  const said: string[] = []
  const child = spawn(bin, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  proxy = child
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => said.push(`${text}`))
  await expect
    .poll(() => {
      if (child.exitCode !== null) throw new Error(`${bin} ended: ${said.join('')}`)
      return get(site, '/').then(
        ({ body }) => body,
        () => 'nothing yet',
      )
    })
    .toBe('server')
}

/** A file of deploy/ with what differs here put in. */
function adapted(file: string, changes: readonly (readonly [string, string])[]) {
  let text = readFileSync(join(rootDir, 'deploy', file), 'utf8')
  for (const [from, to] of changes) {
    expect(text, file).toContain(from)
    text = text.replaceAll(from, to)
  }
  return text
}

async function expectWayIn(site: Site) {
  expect(await hello(site, '/api/ws')).toBe('server: hello')
  expect(await hello(site, '/signalling')).toBe('sfu: hello')
  const before = server.seen.length
  expect((await get(site, '/metrics')).status).toBe(404)
  expect(server.seen).toHaveLength(before)
}

/** Whom the server takes for the client when somebody claims to be another. */
async function forwarded(site: Site) {
  await get(site, '/', { 'x-forwarded-for': '6.6.6.6', 'x-forwarded-proto': 'https' })
  const {
    'x-forwarded-for': from,
    'x-forwarded-proto': proto,
    host: asked,
  } = server.seen.at(-1) ?? {}
  return { from, proto, asked }
}

const nginx = findProgram(['nginx'], process.env)
const haproxy = findProgram(['haproxy'], process.env)
const caddy = findProgram(['caddy'], process.env)
const direct = { from: host, proto: 'https', asked: name }

test.runIf(nginx)('nginx', async () => {
  const site = { port: await freePort(), tls: true }
  const snippet = adapted('proxy/nginx.conf', [
    ['127.0.0.1:3000', `${host}:${server.port}`],
    ['127.0.0.1:3001', `${host}:${sfu.port}`],
    ['listen 80;', `listen ${host}:${await freePort()};`],
    ['listen 443 ssl', `listen ${host}:${site.port} ssl`],
    ['/etc/letsencrypt/live/chat.example.org/fullchain.pem', certificate.cert],
    ['/etc/letsencrypt/live/chat.example.org/privkey.pem', certificate.key],
  ])
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  const temporary = kinds.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join('\n')
  const conf = join(folder, 'nginx.conf')
  const head = `daemon off; pid ${folder}/nginx.pid; error_log stderr; events {}`
  writeFileSync(conf, `${head}\nhttp { access_log off; ${temporary}\n${snippet}\n}\n`)
  await run(nginx ?? '', ['-e', 'stderr', '-p', folder, '-c', conf], site)
  await expectWayIn(site)
  expect(await forwarded(site)).toEqual(direct)
})

test.runIf(haproxy)('HAProxy', async () => {
  const site = { port: await freePort(), tls: true }
  const pem = join(folder, 'both.pem')
  writeFileSync(pem, readFileSync(certificate.cert, 'utf8') + readFileSync(certificate.key, 'utf8'))
  const conf = join(folder, 'haproxy.cfg')
  const snippet = adapted('proxy/haproxy.cfg', [
    ['127.0.0.1:3000', `${host}:${server.port}`],
    ['127.0.0.1:3001', `${host}:${sfu.port}`],
    ['bind :80', `bind ${host}:${await freePort()}`],
    ['bind :443', `bind ${host}:${site.port}`],
    ['/etc/haproxy/certs/chat.example.org.pem', pem],
  ])
  writeFileSync(conf, snippet)
  await run(haproxy ?? '', ['-db', '-f', conf], site)
  await expectWayIn(site)
  expect(await forwarded(site)).toEqual(direct)
})

test('Traefik, which is not run, is told the same', () => {
  const router = z.object({ rule: z.string(), service: z.string(), tls: z.object({}) })
  const service = z.object({
    loadBalancer: z.object({ servers: z.array(z.object({ url: z.url() })).length(1) }),
  })
  const { routers, services } = z
    .object({
      http: z.object({
        routers: z.record(z.string(), router),
        services: z.record(z.string(), service),
      }),
    })
    .parse(parse(readFileSync(join(rootDir, 'deploy/proxy/traefik.yml'), 'utf8'))).http
  const urlOf = (name: string) =>
    services[routers[name]?.service ?? '']?.loadBalancer.servers[0]?.url
  expect(urlOf('beseda-server')).toBe('http://127.0.0.1:3000')
  expect(urlOf('beseda-sfu')).toBe('http://127.0.0.1:3001')
  expect(routers['beseda-sfu']?.rule).toContain('Path(`/signalling`)')
  for (const { rule } of Object.values(routers)) expect(rule).toContain('!Path(`/metrics`)')
  // Traefik takes the longer rule first.
  const length = (name: string) => routers[name]?.rule.length ?? 0
  expect(length('beseda-sfu')).toBeGreaterThan(length('beseda-server'))
})

describe.runIf(caddy)('Caddy', () => {
  const start = (file: string, site: Site) =>
    run(caddy ?? '', ['run', '--config', file, '--adapter', 'caddyfile'], site, {
      HOME: folder,
      TLS_EMAIL: 'admin@example.org',
      SERVER_UPSTREAM: `${host}:${server.port}`,
      SFU_UPSTREAM: `${host}:${sfu.port}`,
    })
  const withCertificate = (port: number) =>
    `https://${name}:${port} {\n\tbind ${host}\n\ttls ${certificate.cert} ${certificate.key}\n`

  test('as a proxy of one’s own', async () => {
    const site = { port: await freePort(), tls: true }
    const snippet = adapted('proxy/Caddyfile', [
      [`${name} {\n`, withCertificate(site.port)],
      ['127.0.0.1:3000', `${host}:${server.port}`],
      ['127.0.0.1:3001', `${host}:${sfu.port}`],
    ])
    const file = join(folder, 'Caddyfile')
    writeFileSync(file, `{\n\tadmin off\n\tauto_https off\n}\n${snippet}`)
    await start(file, site)
    await expectWayIn(site)
    expect(await forwarded(site)).toEqual(direct)
  })

  test('as the way in of docker-compose.yml', async () => {
    const site = { port: await freePort(), tls: true }
    const own = join(folder, 'tls')
    mkdirSync(own)
    cpSync(join(rootDir, 'deploy/caddy/routes.caddy'), join(own, 'routes.caddy'))
    const file = join(own, 'tls.caddy')
    const text = adapted('caddy/tls.caddy', [
      ['\tadmin off\n', '\tadmin off\n\tauto_https off\n'],
      ['{$DOMAIN} {\n', withCertificate(site.port)],
      ['http://127.0.0.1:2020', `http://127.0.0.1:${await freePort()}`],
    ])
    writeFileSync(file, text)
    await start(file, site)
    await expectWayIn(site)
    expect(await forwarded(site)).toEqual(direct)
  })

  test('on one port behind a proxy of one’s own it believes that one', async () => {
    const site = { port: await freePort(), tls: false }
    const own = join(folder, 'gateway')
    mkdirSync(own)
    cpSync(join(rootDir, 'deploy/caddy/routes.caddy'), join(own, 'routes.caddy'))
    const file = join(own, 'proxy.caddy')
    const text = adapted('caddy/proxy.caddy', [
      [':8080 {\n', `http://:${site.port} {\n\tbind ${host}\n`],
      ['http://127.0.0.1:2020', `http://127.0.0.1:${await freePort()}`],
    ])
    writeFileSync(file, text)
    await start(file, site)
    await expectWayIn(site)
    expect(await forwarded(site)).toEqual({ from: `6.6.6.6, ${host}`, proto: 'https', asked: name })
  })
})
