import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { auditPageSchema, madeLinkSchema, overviewSchema } from '@beseda/protocol/administration'
import { sessionSchema } from '@beseda/protocol/auth'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hashSecret } from '../auth/refresh-token.ts'
import { openTestHouse, type TestHouse } from '../testing/app.ts'
import { password } from '../testing/person.ts'
import { users } from '../users/schema.ts'
import { oneTimeLinks } from './schema.ts'
import { hostOf, secretOf } from './testing/host.ts'

let house: TestHouse
let host: ReturnType<typeof hostOf>

beforeAll(async () => {
  house = await openTestHouse({ REGISTRATION: 'closed' })
  host = hostOf(house.first)
})
afterAll(() => house.close())

const ownerLink = async () => madeLinkSchema.parse((await host('POST', '/owner-link')).json())
const post = (url: string, body: object, token?: string) =>
  house.first.app.inject({
    method: 'POST',
    url: `/api${url}`,
    body,
    ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
  })
const account = (username: string, ownerToken?: string) =>
  post('/auth/register', {
    username,
    password,
    displayName: username,
    ...(ownerToken && { ownerToken }),
  })

test('the first owner registers by the link, also where registration is closed', async () => {
  expect(overviewSchema.parse((await host('GET', '/overview')).json()).hasOwner).toBe(false)
  const { url } = await ownerLink()
  const token = secretOf(url)
  expect(new URL(url).pathname).toBe('/owner')
  expect((await post('/links/preview', { token })).json()).toMatchObject({ kind: 'owner' })

  const reply = await account('first', token)
  expect(reply.statusCode).toBe(201)
  const { serverRole, user, accessToken } = sessionSchema.parse(reply.json())
  expect(serverRole).toBe('owner')

  const headers = { authorization: `Bearer ${accessToken}` }
  const seen = await house.first.app.inject({ url: '/api/admin/overview', headers })
  expect(seen.json()).toEqual({ hasOwner: true, users: 1 })
  const audit = await house.first.app.inject({ url: '/api/admin/audit?limit=1', headers })
  const page = auditPageSchema.parse(audit.json())
  expect(page.items).toMatchObject([
    { action: 'owner.claimed', actor: { id: user.id, name: 'first' }, ip: '127.0.0.1' },
  ])
  const rest = await host('GET', `/audit?cursor=${page.nextCursor}`)
  expect(rest.json().items).toMatchObject([
    { action: 'owner.linkMade', actor: { id: null, name: 'host' } },
  ])
})

test('a link works once, only the newest does, and not for ever', async () => {
  const first = secretOf((await ownerLink()).url)
  const second = secretOf((await ownerLink()).url)
  const rows = await house.first.services.db.select().from(oneTimeLinks)
  expect(rows.map((row) => row.tokenHash)).toEqual([hashSecret(second)])
  expect((await post('/links/preview', { token: first })).json().code).toBe('LINK_INVALID')

  const replies = await Promise.all([account('racer.one', second), account('racer.two', second)])
  expect(replies.map(({ statusCode }) => statusCode).sort()).toEqual([201, 410])
  // Who lost the race has no account either.
  const racers = await house.first.services.db
    .select()
    .from(users)
    .where(eq(users.serverRole, 'owner'))
  expect(racers).toHaveLength(2)

  const third = secretOf((await ownerLink()).url)
  await house.first.services.db.update(oneTimeLinks).set({ expiresAt: new Date(Date.now() - 1) })
  expect((await account('latecomer', third)).json().code).toBe('LINK_INVALID')
  expect((await account('nobody')).json().code).toBe('REGISTRATION_CLOSED')
})

test('somebody with an account becomes the owner by logging in', async () => {
  const link = secretOf((await ownerLink()).url)
  const { accessToken } = sessionSchema.parse((await account('another', link)).json())
  await house.first.services.db
    .update(users)
    .set({ serverRole: 'member' })
    .where(eq(users.username, 'another'))

  const { app } = house.first
  const headers = { authorization: `Bearer ${accessToken}` }
  const overview = () => app.inject({ url: '/api/admin/overview', headers })
  expect((await overview()).json().code).toBe('FORBIDDEN')
  expect((await post('/links/owner', { token: link }, accessToken)).json().code).toBe(
    'LINK_INVALID',
  )
  const token = secretOf((await ownerLink()).url)
  expect((await post('/links/owner', { token })).json().code).toBe('UNAUTHORIZED')
  expect((await post('/links/owner', { token }, accessToken)).statusCode).toBe(204)
  expect((await overview()).statusCode).toBe(200)
  const login = await post('/auth/login', { username: 'another', password })
  expect(sessionSchema.parse(login.json()).serverRole).toBe('owner')
  // An owner hands out roles, not links that make owners.
  const more = await app.inject({ method: 'POST', url: '/api/admin/owner-link', headers })
  expect(more.json().code).toBe('FORBIDDEN')
})

test('the command line is known by a file of this machine, and only from this machine', async () => {
  const { settings, hostToken } = house.first.services
  const path = join(settings.DATA_DIR, 'admin-token')
  expect((await readFile(path, 'utf8')).trim()).toBe(hostToken)
  expect((await stat(path)).mode & 0o777).toBe(0o600)

  const forwarded = await host('GET', '/overview', undefined, { 'x-forwarded-for': '203.0.113.9' })
  expect(forwarded.json().code).toBe('UNAUTHORIZED')
  const elsewhere = await house.first.app.inject({
    url: '/api/admin/overview',
    headers: { authorization: `Bearer ${hostToken}` },
    remoteAddress: '203.0.113.9',
  })
  expect(elsewhere.json().code).toBe('UNAUTHORIZED')
  const { services } = await house.another()
  expect(services.hostToken).toBe(hostToken)
})
