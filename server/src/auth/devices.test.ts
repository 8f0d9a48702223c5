import { type Device, deviceListSchema } from '@beseda/protocol/auth'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { eventually } from '../calls/testing/eventually.ts'
import { openTestHouse, type TestHouse, type TestServer, testRedisUrl } from '../testing/app.ts'
import { type Person, password } from '../testing/person.ts'
import { filesCookie, refreshCookie } from './cookies.ts'
import { endDevices, sweepSessions } from './devices.ts'
import { makeLoginGuard } from './login-guard.ts'
import { sessions } from './schema.ts'

let house: TestHouse
let second: TestServer
let anna: Person

beforeAll(async () => {
  house = await openTestHouse()
  second = await house.another()
})
afterAll(() => house.close())
beforeEach(async () => {
  anna = await house.person('Анна')
})

const devices = async (): Promise<Device[]> =>
  deviceListSchema.parse((await anna.call('GET', '/me/sessions')).json()).items

/** One more device of Anna's, as its browser would be. */
async function logIn(userAgent = 'A browser', secret = password) {
  const reply = await house.first.app.inject({
    method: 'POST',
    url: '/api/auth/login',
    body: { username: anna.username, password: secret },
    headers: { 'user-agent': userAgent, 'x-forwarded-for': '203.0.113.7' },
  })
  const cookies = Object.fromEntries(reply.cookies.map(({ name, value }) => [name, value]))
  const headers = { authorization: `Bearer ${reply.json().accessToken}` }
  const me = async ({ app }: TestServer) =>
    (await app.inject({ url: '/api/me', headers })).statusCode
  return { reply, cookies, headers, me }
}

describe('sessions', () => {
  test('are listed with device and place, the asking one marked', async () => {
    await logIn('Firefox on a phone')
    const listed = await devices()
    expect(listed).toMatchObject([
      { userAgent: 'Firefox on a phone', ip: '203.0.113.7', current: false },
      { ip: '127.0.0.1', current: true },
    ])
  })

  test('that are ended take their tokens with them at once, on every server', async () => {
    const phone = await logIn()
    // Both servers know the session by now.
    expect([await phone.me(house.first), await phone.me(second)]).toEqual([200, 200])
    const picture = () =>
      house.first.app.inject({
        url: '/api/files/01999999-0000-7000-8000-000000000000',
        cookies: { [filesCookie]: phone.cookies[filesCookie] ?? '' },
      })
    expect((await picture()).statusCode).toBe(404)

    const id = (await devices()).find(({ current }) => !current)?.id
    expect((await anna.call('DELETE', `/me/sessions/${id}`)).statusCode).toBe(204)
    expect(await phone.me(house.first)).toBe(401)
    expect((await picture()).statusCode).toBe(401)
    await eventually(async () => expect(await phone.me(second)).toBe(401))
    expect((await anna.call('DELETE', `/me/sessions/${id}`)).json().code).toBe('NOT_FOUND')
    expect((await anna.call('GET', '/me')).statusCode).toBe(200)
  })

  test('of others are nobody’s to end', async () => {
    const boris = await house.person('Борис')
    const [own] = await devices()
    expect((await boris.call('DELETE', `/me/sessions/${own?.id}`)).json().code).toBe('NOT_FOUND')
    expect((await anna.call('GET', '/me')).statusCode).toBe(200)
  })

  test('end with a logout', async () => {
    const phone = await logIn()
    expect(await phone.me(house.first)).toBe(200)
    const cookies = { [refreshCookie]: phone.cookies[refreshCookie] ?? '' }
    await house.first.app.inject({ method: 'POST', url: '/api/auth/logout', cookies })
    expect(await phone.me(house.first)).toBe(401)
  })

  test('all others end together', async () => {
    const [phone, tablet] = [await logIn(), await logIn()]
    expect((await anna.call('DELETE', '/me/sessions')).statusCode).toBe(204)
    expect([await phone.me(house.first), await tablet.me(house.first)]).toEqual([401, 401])
    expect(await devices()).toMatchObject([{ current: true }])
  })

  test('are asked of the database while no server can be heard', async () => {
    const phone = await logIn()
    const { db, bus, openSessions } = second.services
    expect(await phone.me(second)).toBe(200)
    // The others' words reach this server no longer, and it knows.
    bus.close()
    await expect.poll(() => bus.hears()).toBe(false)
    await endDevices(db, anna.id)
    expect(await phone.me(second)).toBe(401)
    openSessions.hear({ audience: 'everyone' })
  })

  test('that are over are deleted, and no others', async () => {
    const phone = await logIn()
    const { db } = house.first.services
    const open = await devices()
    await anna.call('DELETE', `/me/sessions/${open.find(({ current }) => !current)?.id}`)
    await sweepSessions(db)
    const left = await db.select().from(sessions)
    expect(left.every(({ revokedAt }) => revokedAt === null)).toBe(true)
    expect((await anna.call('GET', '/me')).statusCode).toBe(200)
    expect(await phone.me(house.first)).toBe(401)
    await sweepSessions(db, new Date(Date.now() + 31 * 24 * 3_600_000))
    expect(await db.select().from(sessions)).toEqual([])
  })
})

describe('a password', () => {
  const change = (current: string, next: string) =>
    anna.call('PUT', '/me/password', { current, password: next })

  test('is changed by whoever knows it, and signs the others out', async () => {
    const phone = await logIn()
    expect((await change('not this one', 'quite another one')).json().code).toBe('WRONG_PASSWORD')
    expect((await change(password, 'Password')).json().code).toBe('WEAK_PASSWORD')
    expect(await phone.me(house.first)).toBe(200)
    expect((await change(password, 'quite another one')).statusCode).toBe(204)
    expect(await phone.me(house.first)).toBe(401)
    expect((await anna.call('GET', '/me')).statusCode).toBe(200)
    expect((await logIn('x', password)).reply.json().code).toBe('INVALID_CREDENTIALS')
    expect((await logIn('x', 'quite another one')).reply.statusCode).toBe(200)
  })

  test('is the same however its letters are composed', async () => {
    await change(password, 'пароль й composed')
    expect((await logIn('x', 'пароль й composed'.normalize('NFD'))).reply.statusCode).toBe(200)
  })

  test('that is tried first opens no account', async () => {
    const body = { username: 'weak', password: 'qwertyuiop', displayName: 'W' }
    const url = '/api/auth/register'
    const reply = await house.first.app.inject({ method: 'POST', url, body })
    expect([reply.statusCode, reply.json().code]).toEqual([400, 'WEAK_PASSWORD'])
  })
})

test('guessing stops after a hundred failures, by account and by address', async () => {
  const redis = new Redis(testRedisUrl())
  const guard = makeLoginGuard(redis, true)
  const fail = async (name: (n: number) => string, ip: (n: number) => string) => {
    for (let n = 0; n < 100; n += 1) {
      await guard.check(name(n), ip(n))
      await guard.failed(name(n), ip(n))
    }
  }
  await fail(
    () => 'victim',
    (n) => `198.51.100.${n}`,
  )
  const refused = { code: 'RATE_LIMITED', retryAfter: expect.any(Number) }
  await expect(guard.check('victim', '203.0.113.1')).rejects.toMatchObject(refused)
  await guard.check('somebody else', '203.0.113.1')
  await guard.passed('victim')
  await guard.check('victim', '203.0.113.1')
  await fail(
    (n) => `name ${n}`,
    () => '203.0.113.2',
  )
  await expect(guard.check('anybody', '203.0.113.2')).rejects.toMatchObject(refused)
  await guard.check('anybody', '203.0.113.3')
  await redis.quit()
})
