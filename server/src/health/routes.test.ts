import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { redisKeys } from '@beseda/protocol/redis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '../app.ts'
import type { App } from '../http/app-type.ts'
import { openTestHouse, type TestHouse } from '../testing/app.ts'

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
    await house.first.services.redis.set(redisKeys.sfuNode('one'), '{}', 'EX', 60)
    expect((await get('/readyz')).statusCode).toBe(200)
  })

  test('tells Prometheus of requests and event sockets', async () => {
    const person = await house.person()
    const socket = await person.socket()
    const { body } = await get('/metrics')
    expect(body).toMatch(/^beseda_event_sockets 1$/m)
    expect(body).toMatch(/route="\/api\/auth\/register",status="201"/)
    await socket.close()
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
