import {
  adminUserPageSchema,
  auditPageSchema,
  madeLinkSchema,
} from '@beseda/protocol/administration'
import { callAnswerSchema } from '@beseda/protocol/calls'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { eventually } from '../calls/testing/eventually.ts'
import { type CallHouse, openCallHouse } from '../calls/testing/house.ts'
import { openEventSocket } from '../testing/event-socket.ts'
import { type Person, password, signUp } from '../testing/person.ts'
import { users } from '../users/schema.ts'
import { hostOf, secretOf } from './testing/host.ts'

let house: CallHouse
let host: ReturnType<typeof hostOf>
let owner: Person
let admin: Person
let anna: Person

beforeAll(async () => {
  house = await openCallHouse()
  host = hostOf(house.servers[0])
  owner = await someone('Владелец')
  admin = await someone('Админ')
  await host('PATCH', `/users/${owner.id}`, { serverRole: 'owner' })
  await owner.call('PATCH', `/admin/users/${admin.id}`, { serverRole: 'admin' })
})
afterAll(() => house.close())
beforeEach(async () => {
  anna = await someone('Анна')
})

const someone = (name: string) => signUp(house.servers[0], name)
const logIn = (secret = password) =>
  house.app.inject({
    method: 'POST',
    url: '/api/auth/login',
    body: { username: anna.username, password: secret },
  })
const set = (by: Person, who: Person, body: object) =>
  by.call('PATCH', `/admin/users/${who.id}`, body)
const audit = async () => auditPageSchema.parse((await host('GET', '/audit')).json()).items

test('users are found, with what administrators need to know', async () => {
  await set(admin, anna, { disabled: true })
  const reply = await admin.call('GET', `/admin/users?q=${anna.username}&limit=1`)
  expect(adminUserPageSchema.parse(reply.json()).items).toMatchObject([
    { id: anna.id, serverRole: 'member', disabledAt: expect.any(String), sessions: 0 },
  ])
  // Nobody else finds a disabled account.
  const found = await owner.call('GET', `/users?q=${anna.username}`)
  expect(found.json().items.map(({ id }: { id: string }) => id)).not.toContain(anna.id)
})

test('whoever is no administrator sees and does nothing', async () => {
  const boris = await someone('Борис')
  const replies = [
    await anna.call('GET', '/admin/users'),
    await anna.call('GET', '/admin/audit'),
    await set(anna, boris, { disabled: true }),
    await anna.call('POST', `/admin/users/${boris.id}/reset-link`),
    await anna.call('DELETE', `/admin/users/${boris.id}/sessions`),
  ]
  expect(replies.map((reply) => reply.json().code)).toEqual(replies.map(() => 'FORBIDDEN'))
})

test('nobody reaches an equal, a superior or themselves', async () => {
  const replies = [
    await set(admin, owner, { disabled: true }),
    await set(admin, admin, { disabled: true }),
    await set(admin, anna, { serverRole: 'admin' }),
    await set(owner, owner, { serverRole: 'member' }),
    await set(owner, anna, { serverRole: 'owner' }),
    await admin.call('POST', `/admin/users/${owner.id}/reset-link`),
    await admin.call('DELETE', `/admin/users/${owner.id}/sessions`),
  ]
  expect(replies.map((reply) => reply.json().code)).toEqual(replies.map(() => 'FORBIDDEN'))
  expect((await set(owner, anna, { serverRole: 'admin' })).json().serverRole).toBe('admin')
  expect((await set(owner, anna, { serverRole: 'member' })).json().serverRole).toBe('member')
  const [entry] = await audit()
  expect(entry).toMatchObject({
    action: 'role.changed',
    actor: { id: owner.id, name: owner.username },
    target: { id: anna.id, name: anna.username },
    details: { from: 'admin', to: 'member' },
  })
})

test('disabling ends sessions, sockets and the call at once, and keeps what was written', async () => {
  const chat = await anna.group([owner.id])
  const message = await anna.send(chat.id, 'моё слово')
  const socket = await openEventSocket(house.servers[1].url, { token: anna.token })
  const started = await anna.call('POST', `/chats/${chat.id}/calls`, { type: 'audio' })
  const { call } = callAnswerSchema.parse(started.json())
  await house.sfu.join({ callId: call.id, chatId: chat.id, userId: anna.id })

  expect((await set(admin, anna, { disabled: true })).statusCode).toBe(200)
  expect((await anna.call('GET', '/me')).statusCode).toBe(401)
  expect(await socket.closed).toBe(4401)
  await eventually(() =>
    expect(house.sfu.commands).toContainEqual(
      expect.objectContaining({ type: 'remove', callId: call.id, userId: anna.id }),
    ),
  )
  expect((await logIn()).json().code).toBe('ACCOUNT_DISABLED')
  expect((await logIn('not this one')).json().code).toBe('INVALID_CREDENTIALS')
  const seen = await owner.call('GET', `/chats/${chat.id}/messages/${message.id}`)
  expect(seen.json()).toMatchObject({ body: 'моё слово', sender: { displayName: 'Анна' } })

  await set(admin, anna, { disabled: false })
  expect((await logIn()).statusCode).toBe(200)
  expect((await anna.call('GET', '/me')).statusCode).toBe(401)
  expect((await audit()).slice(0, 2).map(({ action }) => action)).toEqual([
    'user.enabled',
    'user.disabled',
  ])
})

test('a login that runs beside the disabling leaves no session behind', async () => {
  const replies = await Promise.all([
    ...Array.from({ length: 4 }, () => logIn()),
    set(admin, anna, { disabled: true }),
  ])
  const tokens = replies.flatMap((reply) => reply.json().accessToken ?? [])
  for (const token of tokens) {
    const headers = { authorization: `Bearer ${token}` }
    expect((await house.app.inject({ url: '/api/me', headers })).statusCode).toBe(401)
  }
})

test('a reset link works once, ends the old sessions and says whose it is', async () => {
  const made = async () =>
    secretOf(
      madeLinkSchema.parse((await admin.call('POST', `/admin/users/${anna.id}/reset-link`)).json())
        .url,
    )
  const post = (path: string, body: object) =>
    house.app.inject({ method: 'POST', url: `/api/links/${path}`, body })
  const old = await made()
  const token = await made()
  const fresh = 'quite another one'
  expect((await post('preview', { token })).json()).toMatchObject({
    kind: 'reset',
    user: { username: anna.username },
  })
  expect((await post('reset', { token: old, password: fresh })).json().code).toBe('LINK_INVALID')
  // What is refused does not use the link up.
  const weak = await post('reset', { token, password: 'qwertyuiop' })
  expect(weak.json().code).toBe('WEAK_PASSWORD')
  expect((await anna.call('GET', '/me')).statusCode).toBe(200)

  expect((await post('reset', { token, password: fresh })).statusCode).toBe(204)
  expect((await anna.call('GET', '/me')).statusCode).toBe(401)
  expect((await logIn()).json().code).toBe('INVALID_CREDENTIALS')
  expect((await logIn(fresh)).statusCode).toBe(200)
  expect((await post('reset', { token, password: fresh })).json().code).toBe('LINK_INVALID')
  const [used, handed] = await audit()
  expect([used?.action, used?.actor.id]).toEqual(['user.passwordReset', anna.id])
  expect([handed?.action, handed?.actor.id]).toEqual(['user.resetLinkMade', admin.id])
  expect(JSON.stringify([used, handed])).not.toContain(token)
  // An owner link is none for passwords.
  const link = madeLinkSchema.parse((await host('POST', '/owner-link')).json())
  const wrong = await post('reset', { token: secretOf(link.url), password: fresh })
  expect(wrong.json().code).toBe('LINK_INVALID')
})

test('sessions of others are seen and ended', async () => {
  const { accessToken } = (await logIn()).json()
  const headers = { authorization: `Bearer ${accessToken}` }
  const me = async () => (await house.app.inject({ url: '/api/me', headers })).statusCode
  const listed = (await admin.call('GET', `/admin/users/${anna.id}/sessions`)).json().items
  expect(listed).toHaveLength(2)
  const one = await admin.call('DELETE', `/admin/users/${anna.id}/sessions/${listed[0].id}`)
  expect(one.statusCode).toBe(204)
  expect([await me(), (await anna.call('GET', '/me')).statusCode].sort()).toEqual([200, 401])
  await admin.call('DELETE', `/admin/users/${anna.id}/sessions`)
  expect([await me(), (await anna.call('GET', '/me')).statusCode]).toEqual([401, 401])
  const [row] = await house.db.select().from(users).where(eq(users.id, anna.id))
  expect(row?.disabledAt).toBeNull()
})
