import { sessionSchema } from '@beseda/protocol/auth'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestHouse, type TestHouse } from '../testing/app.ts'
import { openEventSocket } from '../testing/event-socket.ts'
import { password } from '../testing/person.ts'
import { refreshCookie } from './cookies.ts'
import { sessions } from './schema.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openTestHouse()
})
afterAll(() => house.close())

function post(path: string, body?: object, cookies: Record<string, string> = {}) {
  return house.first.app.inject({
    method: 'POST',
    url: `/api/auth/${path}`,
    cookies,
    ...(body && { body }),
  })
}

const refresh = (token: string) => post('refresh', undefined, { [refreshCookie]: token })

function cookieOf(reply: { cookies: { name: string; value: string }[] }): string {
  return reply.cookies.find(({ name }) => name === refreshCookie)?.value ?? ''
}

async function newLogin() {
  const person = await house.person()
  const reply = await post('login', { username: person.username, password })
  return { person, token: cookieOf(reply), ...sessionSchema.parse(reply.json()) }
}

describe('register', () => {
  test('makes an account and keeps its name in lower case', async () => {
    const reply = await post('register', { username: 'Ivan_1', password, displayName: ' Иван ' })
    expect(reply.statusCode).toBe(201)
    const { user } = sessionSchema.parse(reply.json())
    expect(user).toMatchObject({ username: 'ivan_1', displayName: 'Иван' })
  })

  test('sets cookies that scripts and other sites can not use', async () => {
    const reply = await post('register', { username: 'cookies', password, displayName: 'C' })
    expect(reply.cookies).toMatchObject([
      { name: 'beseda_refresh', httpOnly: true, sameSite: 'Strict', path: '/api/auth' },
      { name: 'beseda_session', value: '1', sameSite: 'Strict', path: '/' },
      { name: 'beseda_files', httpOnly: true, sameSite: 'Strict', path: '/api/files' },
    ])
    expect(reply.cookies[0]?.secure).toBeUndefined()
  })

  test('gives a name to one of many who ask at once', async () => {
    const body = { username: 'wanted', password, displayName: 'W' }
    const replies = await Promise.all(Array.from({ length: 5 }, () => post('register', body)))
    const codes = replies.map((reply) => reply.statusCode).sort()
    expect(codes).toEqual([201, 409, 409, 409, 409])
    expect(replies.find((reply) => reply.statusCode === 409)?.json().code).toBe('USERNAME_TAKEN')
  })
})

describe('login', () => {
  test('opens a session with the right password only', async () => {
    const { person, accessToken } = await newLogin()
    const reply = await house.first.app.inject({
      url: '/api/me',
      headers: { authorization: `Bearer ${accessToken}` },
    })
    expect(reply.json().id).toBe(person.id)
    const wrong = await post('login', { username: person.username, password: 'not this one' })
    expect([wrong.statusCode, wrong.json().code]).toEqual([401, 'INVALID_CREDENTIALS'])
  })

  test('says the same of a user who does not exist', async () => {
    const reply = await post('login', { username: 'nobody-here', password })
    expect([reply.statusCode, reply.json().code]).toEqual([401, 'INVALID_CREDENTIALS'])
  })
})

describe('refresh', () => {
  test('exchanges the token for a new one', async () => {
    const { token } = await newLogin()
    const reply = await refresh(token)
    expect(reply.statusCode).toBe(200)
    expect(cookieOf(reply)).not.toBe('')
    expect(cookieOf(reply)).not.toBe(token)
    expect((await refresh(cookieOf(reply))).statusCode).toBe(200)
  })

  test('lets a second tab use the token that has just been exchanged', async () => {
    const { token } = await newLogin()
    const replies = await Promise.all([refresh(token), refresh(token)])
    expect(replies.map((reply) => reply.statusCode)).toEqual([200, 200])
    expect(replies.filter((reply) => cookieOf(reply) !== '')).toHaveLength(1)
  })

  test('ends the session when a token that was exchanged long ago returns', async () => {
    const { token, person } = await newLogin()
    const next = cookieOf(await refresh(token))
    await house.first.services.db
      .update(sessions)
      .set({ rotatedAt: new Date(Date.now() - 11_000) })
      .where(eq(sessions.userId, person.id))
    const reply = await refresh(token)
    expect([reply.statusCode, reply.json().code]).toEqual([401, 'SESSION_REVOKED'])
    expect((await refresh(next)).statusCode).toBe(401)
  })

  test('ends the session when a token from before the last one returns', async () => {
    const { token } = await newLogin()
    const second = cookieOf(await refresh(token))
    const third = cookieOf(await refresh(second))
    expect((await refresh(token)).statusCode).toBe(401)
    expect((await refresh(third)).statusCode).toBe(401)
  })

  test('refuses a session that has run out', async () => {
    const { token, person } = await newLogin()
    await house.first.services.db
      .update(sessions)
      .set({ expiresAt: new Date(Date.now() - 1) })
      .where(eq(sessions.userId, person.id))
    expect((await refresh(token)).statusCode).toBe(401)
  })

  test.each(['', 'x', 'x.y', '.', '00000000-0000-7000-8000-000000000000.secret', 'é'.repeat(3000)])(
    'refuses the cookie %j',
    async (token) => {
      const reply = await refresh(encodeURIComponent(token))
      expect([reply.statusCode, reply.json().code]).toEqual([401, 'SESSION_REVOKED'])
    },
  )
})

describe('logout', () => {
  test('ends the session and closes its event sockets on every server', async () => {
    const { token, accessToken } = await newLogin()
    const other = await house.another()
    const socket = await openEventSocket(other.url, { token: accessToken })
    const reply = await post('logout', undefined, { [refreshCookie]: token })
    expect(reply.statusCode).toBe(204)
    expect(await socket.closed).toBe(4401)
    expect((await refresh(token)).statusCode).toBe(401)
  })

  test('is the same without a session', async () => {
    expect((await post('logout')).statusCode).toBe(204)
  })
})
