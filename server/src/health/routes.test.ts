import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '../app.ts'
import { startFakeSfu } from '../calls/testing/fake-sfu.ts'
import type { App } from '../http/app-type.ts'
import { openTestHouse, type TestHouse } from '../testing/app.ts'
import { serveMetrics } from './metric-routes.ts'
import { makeMetrics } from './metrics.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openTestHouse()
})
afterAll(() => house.close())

const get = (url: string, app: App = house.first.app) => app.inject({ url })

describe('health', () => {
  test('is alive by itself, and ready with a database, a Redis and an SFU', async () => {
    expect((await get('/healthz')).json()).toEqual({ status: 'ok' })
    const without = await get('/readyz')
    expect(without.statusCode).toBe(503)
    expect(without.json()).toEqual({ ready: false, database: true, redis: true, sfu: false })
    const parts = async () =>
      [...(await get('/metrics')).body.matchAll(/^beseda_ready\{part="(\w+)"\} (\d)$/gm)].map(
        ([, part, there]) => `${part} ${there}`,
      )
    expect(await parts()).toEqual(['database 1', 'redis 1', 'sfu 0'])
    const { redis } = house.first.services
    const sfu = await startFakeSfu(redis)
    expect((await get('/readyz')).statusCode).toBe(200)
    expect(await parts()).toEqual(['database 1', 'redis 1', 'sfu 1'])
    // Its key outlives a process that is killed; its subscription does not.
    sfu.kill()
    await expect.poll(async () => (await get('/readyz')).statusCode).toBe(503)
  })

  test('tells Prometheus of requests and event sockets', async () => {
    const person = await house.person()
    const socket = await person.socket()
    const { body } = await get('/metrics')
    expect(body).toMatch(/^beseda_event_sockets 1$/m)
    expect(body).toMatch(/route="\/api\/auth\/register",status="201"/)
    await socket.close()
  })

  test('tells what it knows while Redis hangs', async () => {
    const { services } = house.first
    const never = () => new Promise<never>(() => {})
    const { states, nodes } = services.calls
    const calls = {
      ...services.calls,
      states: { ...states, countOn: never },
      nodes: { ...nodes, list: never },
    }
    const told = await makeMetrics({ ...services, calls }).register.metrics()
    expect(told).toMatch(/^beseda_ready\{part="sfu"\} 0$/m)
    expect(told).toMatch(/^beseda_event_sockets \d$/m)
    expect(told).not.toMatch(/^beseda_(calls|sfu_nodes) /m)
  })

  test('has the metrics that docs/metrics.md names, and no others', async () => {
    const docs = await readFile(join(import.meta.dirname, '../../../docs/metrics.md'), 'utf8')
    const written = [...docs.matchAll(/^\| `(beseda_\w+)` \| (\w+) \|/gm)].map(([, ...row]) => row)
    const { body } = await get('/metrics')
    const told = [...body.matchAll(/^# TYPE (beseda_\w+) (\w+)$/gm)].map(([, ...row]) => row)
    expect(told.sort()).toEqual(written.sort())
  })

  test('tells nobody but this machine', async () => {
    const { app } = house.first
    const elsewhere = await app.inject({ url: '/metrics', remoteAddress: '203.0.113.7' })
    const headers = { 'x-forwarded-for': '203.0.113.7' }
    const forwarded = await app.inject({ url: '/metrics', headers })
    for (const reply of [elsewhere, forwarded]) {
      expect([reply.statusCode, reply.json().code]).toEqual([404, 'NOT_FOUND'])
    }
  })

  test('tells on a port of its own, and then nowhere else', async () => {
    const { register } = makeMetrics(house.first.services)
    const where = { METRICS_HOST: '127.0.0.1', METRICS_PORT: 0 }
    const served = await serveMetrics(register, where)
    const at = (path: string) => fetch(`http://127.0.0.1:${served.port}${path}`)
    expect(await (await at('/metrics')).text()).toMatch(/^beseda_event_sockets 0$/m)
    expect((await at('/api/config')).status).toBe(404)
    await expect(
      serveMetrics(register, { ...where, METRICS_PORT: served.port ?? 0 }),
    ).rejects.toThrow(/EADDRINUSE.*METRICS_PORT/)
    await served.close()

    const settings = { ...house.first.services.settings, METRICS_PORT: 0 }
    const app = await buildApp({ ...house.first.services, settings })
    expect((await get('/metrics', app)).statusCode).toBe(404)
    await app.close()
  })

  test('names each request in its answer', async () => {
    const reply = await get('/healthz')
    expect(reply.headers['x-request-id']).toMatch(/^[\w-]{12}$/)
  })
})

describe('page', () => {
  test('says how to build it when it is not', async () => {
    expect((await get('/')).body).toContain('npx pnpm start')
  })

  test('is served at every address that is not the API’s', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'beseda-test-page-'))
    await mkdir(join(folder, 'assets'))
    await writeFile(join(folder, 'index.html'), '<title>Beseda</title>')
    await writeFile(join(folder, 'assets/a.js'), '1')
    const app = await buildApp(house.first.services, { webDist: folder })
    for (const url of ['/', '/chats/1', '/index.html', '/api-of-something-else']) {
      const { statusCode, body, headers } = await get(url, app)
      expect([url, statusCode, body]).toEqual([url, 200, '<title>Beseda</title>'])
      expect(headers['cache-control']).toBe('no-cache')
      expect(headers['content-security-policy']).toContain("script-src 'self'")
      expect(headers['permissions-policy']).toContain('camera=(self)')
    }
    const asset = await get('/assets/a.js', app)
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    for (const url of ['/assets/gone.js', '/api', '/api/nowhere', '/../package.json']) {
      const { statusCode, body } = await get(url, app)
      if (statusCode === 200) expect(body).toBe('<title>Beseda</title>')
      else expect(JSON.parse(body).code).toBe('NOT_FOUND')
    }
    await app.close()
    await rm(folder, { recursive: true })
  })
})
