import { errorBodySchema } from '@beseda/protocol/errors'
import type { InjectOptions } from 'fastify'
import { v4 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestHouse, type TestHouse } from '../testing/app.ts'
import { type Person, password } from '../testing/person.ts'

let house: TestHouse
let anna: Person
let chatId: string
beforeAll(async () => {
  house = await openTestHouse()
  anna = await house.person('Анна')
  chatId = (await anna.group([])).id
})
afterAll(() => house.close())

type Method = NonNullable<InjectOptions['method']>

const nul = 'a\u0000b'
const long = (length: number) => 'x'.repeat(length)
const halfACharacter = 'a\ud83d'
const cursorOf = (place: unknown[]) => Buffer.from(JSON.stringify(place)).toString('base64url')

const account = { username: 'valid_name', password, displayName: 'Name' }
const message = { body: 'hello', clientId: '01999999-0000-7000-8000-000000000000' }
const group = { type: 'group', name: 'x', memberIds: [] }

/** `:chat` stands for a chat of the caller's. */
const misfits: [Method, string, unknown, string][] = [
  ...[
    { ...account, username: undefined },
    { ...account, username: 'ab' },
    { ...account, username: long(33) },
    { ...account, username: 'Иван' },
    { ...account, username: 'a b c' },
    { ...account, username: 1 },
    { ...account, password: long(7) },
    { ...account, password: long(129) },
    { ...account, password: null },
    { ...account, displayName: '   ' },
    { ...account, displayName: long(65) },
    { ...account, displayName: nul },
    { ...account, role: 'admin' },
    [],
    null,
    'text',
  ].map((body): [Method, string, unknown, string] => [
    'POST',
    '/auth/register',
    body,
    'VALIDATION',
  ]),
  ['POST', '/auth/login', {}, 'VALIDATION'],
  ['POST', '/auth/login', { username: nul, password }, 'VALIDATION'],
  ['POST', '/auth/login', { username: ['a'], password }, 'VALIDATION'],
  ['POST', '/auth/login', { username: 'a', password: long(129) }, 'VALIDATION'],
  ['POST', '/auth/login', { username: 'a', password, extra: 1 }, 'VALIDATION'],
  ['POST', '/chats', { ...group, name: halfACharacter }, 'VALIDATION'],
  ['GET', `/users?cursor=${cursorOf([2 ** 40, 'a'])}`, undefined, 'VALIDATION'],
  ['GET', `/users?cursor=${cursorOf([1, nul])}`, undefined, 'VALIDATION'],
  [
    'GET',
    `/chats?cursor=${cursorOf(['0000-01-01T00:00:00Z', message.clientId])}`,
    undefined,
    'VALIDATION',
  ],
  [
    'GET',
    `/chats/:chat/calls?cursor=${cursorOf([1e300, message.clientId])}`,
    undefined,
    'VALIDATION',
  ],
  ['PATCH', '/me', { displayName: '' }, 'VALIDATION'],
  ['PATCH', '/me', { displayName: long(65) }, 'VALIDATION'],
  ['PATCH', '/me', { status: 'offline' }, 'VALIDATION'],
  ['PATCH', '/me', { avatarId: 'x' }, 'VALIDATION'],
  ['PATCH', '/me', { username: 'other' }, 'VALIDATION'],
  ['GET', '/users?limit=0', undefined, 'VALIDATION'],
  ['GET', '/users?limit=101', undefined, 'VALIDATION'],
  ['GET', '/users?limit=x', undefined, 'VALIDATION'],
  ['GET', '/users?status=busy', undefined, 'VALIDATION'],
  ['GET', `/users?q=${long(101)}`, undefined, 'VALIDATION'],
  ['GET', '/users?q=%00', undefined, 'VALIDATION'],
  ['GET', '/users?cursor=x', undefined, 'VALIDATION'],
  ['GET', '/users?cursor=WzFlOTksIngiXQ', undefined, 'VALIDATION'],
  ['GET', '/users?q=a&q=b', undefined, 'VALIDATION'],
  ['GET', '/users?unknown=1', undefined, 'VALIDATION'],
  ['GET', '/users/x', undefined, 'VALIDATION'],
  ['GET', '/users/%E0%A4%A', undefined, 'VALIDATION'],
  ['POST', '/chats', {}, 'VALIDATION'],
  ['POST', '/chats', { type: 'other' }, 'VALIDATION'],
  ['POST', '/chats', { type: 'personal' }, 'VALIDATION'],
  ['POST', '/chats', { type: 'personal', userId: 'x' }, 'VALIDATION'],
  ['POST', '/chats', { type: 'personal', userId: chatIdLike(), name: 'x' }, 'VALIDATION'],
  ['POST', '/chats', { ...group, name: '' }, 'VALIDATION'],
  ['POST', '/chats', { ...group, name: long(101) }, 'VALIDATION'],
  ['POST', '/chats', { ...group, name: nul }, 'VALIDATION'],
  ['POST', '/chats', { ...group, description: long(501) }, 'VALIDATION'],
  ['POST', '/chats', { ...group, memberIds: undefined }, 'VALIDATION'],
  ['POST', '/chats', { ...group, memberIds: ['x'] }, 'VALIDATION'],
  ['POST', '/chats', { ...group, memberIds: [chatIdLike()] }, 'VALIDATION'],
  [
    'POST',
    '/chats',
    { ...group, memberIds: Array.from({ length: 1001 }, () => v4()) },
    'VALIDATION',
  ],
  ['POST', '/chats', { ...group, avatarId: chatIdLike() }, 'VALIDATION'],
  ['POST', '/chats', { ...group, maxMembers: 9 }, 'VALIDATION'],
  ['GET', '/chats?limit=-1', undefined, 'VALIDATION'],
  ['GET', `/chats?cursor=${long(201)}`, undefined, 'VALIDATION'],
  ['GET', '/chats/x', undefined, 'VALIDATION'],
  ['GET', '/chats/x/members', undefined, 'VALIDATION'],
  ['GET', '/chats/:chat/members?cursor=x', undefined, 'VALIDATION'],
  ['POST', '/chats/:chat/members', { userIds: [] }, 'VALIDATION'],
  ['POST', '/chats/:chat/members', { userIds: [chatIdLike()] }, 'VALIDATION'],
  ['POST', '/chats/:chat/members', { userIds: 'x' }, 'VALIDATION'],
  ['GET', '/chats/:chat/messages?limit=1.5', undefined, 'VALIDATION'],
  ['GET', '/chats/:chat/messages?before=-1', undefined, 'VALIDATION'],
  ['GET', '/chats/:chat/messages?before=1e30', undefined, 'VALIDATION'],
  ['GET', '/chats/:chat/messages?before=1&after=1', undefined, 'VALIDATION'],
  ['POST', '/chats/:chat/messages', { ...message, body: '' }, 'VALIDATION'],
  ['POST', '/chats/:chat/messages', { ...message, body: ' \n\t' }, 'VALIDATION'],
  ['POST', '/chats/:chat/messages', { ...message, body: long(4001) }, 'VALIDATION'],
  ['POST', '/chats/:chat/messages', { ...message, body: nul }, 'VALIDATION'],
  ['POST', '/chats/:chat/messages', { ...message, body: 7 }, 'VALIDATION'],
  ['POST', '/chats/:chat/messages', { ...message, clientId: 'x' }, 'VALIDATION'],
  ['POST', '/chats/:chat/messages', { body: 'x' }, 'VALIDATION'],
  ['POST', '/chats/:chat/messages', { ...message, seq: 1 }, 'VALIDATION'],
  ['PUT', '/chats/:chat/read', {}, 'VALIDATION'],
  ['PUT', '/chats/:chat/read', { seq: -1 }, 'VALIDATION'],
  ['PUT', '/chats/:chat/read', { seq: 0.5 }, 'VALIDATION'],
  ['PUT', '/chats/:chat/read', { seq: 2 ** 53 }, 'VALIDATION'],
  ['PUT', '/chats/:chat/read', { seq: '1' }, 'VALIDATION'],
  ['GET', '/files/x', undefined, 'VALIDATION'],
  ['GET', `/files/${chatIdLike()}`, undefined, 'NOT_FOUND'],
  ['GET', '/files/..%2f..%2fpostgres', undefined, 'VALIDATION'],
  ['GET', '/nowhere', undefined, 'NOT_FOUND'],
  ['DELETE', '/me', undefined, 'NOT_FOUND'],
]

function chatIdLike() {
  return '01999999-0000-7000-8000-000000000001'
}

describe('what does not fit', () => {
  test.each(misfits)('%s %s %j: %s', async (method, path, body, code) => {
    const url = `/api${path.replace(':chat', chatId)}`
    const headers = {
      authorization: `Bearer ${anna.token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    }
    const payload = body === undefined ? {} : { payload: JSON.stringify(body) }
    const reply = await house.first.app.inject({ method, url, headers, ...payload })
    expect(errorBodySchema.parse(reply.json())).toMatchObject({
      code,
      statusCode: reply.statusCode,
    })
  })

  test.each<[string, Record<string, string>, string | Buffer, number, string]>([
    ['torn JSON', { 'content-type': 'application/json' }, '{"username":', 400, 'INVALID_JSON'],
    [
      'arrays in arrays',
      { 'content-type': 'application/json' },
      '['.repeat(30_000) + ']'.repeat(30_000),
      400,
      'VALIDATION',
    ],
    ['no JSON', { 'content-type': 'application/json' }, '', 400, 'INVALID_JSON'],
    ['binary', { 'content-type': 'application/json' }, Buffer.from([0xff, 0]), 400, 'INVALID_JSON'],
    [
      'a prototype',
      { 'content-type': 'application/json' },
      '{"__proto__":{}}',
      400,
      'INVALID_JSON',
    ],
    ['no body', {}, '', 400, 'VALIDATION'],
    ['XML', { 'content-type': 'application/xml' }, '<a/>', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['text', { 'content-type': 'text/plain' }, '{}', 400, 'VALIDATION'],
    ['no type', {}, '{}', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a type that is none', { 'content-type': '///' }, '{}', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    [
      'more than 64 KB',
      { 'content-type': 'application/json' },
      JSON.stringify({ username: long(64 * 1024) }),
      413,
      'PAYLOAD_TOO_LARGE',
    ],
  ])('a body of %s', async (_name, headers, payload, status, code) => {
    const url = '/api/auth/register'
    const reply = await house.first.app.inject({ method: 'POST', url, headers, payload })
    expect([reply.statusCode, reply.json().code]).toEqual([status, code])
  })

  test.each([
    ['none', undefined, 'UNAUTHORIZED'],
    ['empty', '', 'UNAUTHORIZED'],
    ['of another scheme', 'Basic eDp5', 'UNAUTHORIZED'],
    ['garbage', 'Bearer x.y.z', 'UNAUTHORIZED'],
    ['huge', `Bearer ${long(8_000)}`, 'UNAUTHORIZED'],
  ])('a token that is %s', async (_name, authorization, code) => {
    const headers = authorization === undefined ? {} : { authorization }
    const reply = await house.first.app.inject({ url: '/api/me', headers })
    expect([reply.statusCode, reply.json().code]).toEqual([401, code])
  })

  test('a token that has expired', async () => {
    const exp = Math.floor(Date.now() / 1000) - 1
    const token = house.first.app.jwt.sign({ sub: anna.id, sid: anna.id, aud: 'api', exp })
    const headers = { authorization: `Bearer ${token}` }
    const reply = await house.first.app.inject({ url: '/api/me', headers })
    expect([reply.statusCode, reply.json().code]).toEqual([401, 'TOKEN_EXPIRED'])
  })

  test('leaves the server serving', async () => {
    expect((await anna.call('GET', '/me')).json().id).toBe(anna.id)
  })
})

describe('origin', () => {
  const post = (origin: string | undefined, host = 'chat.example') =>
    house.first.app.inject({
      method: 'POST',
      url: '/api/auth/logout',
      headers: { host, ...(origin !== undefined && { origin }) },
    })

  test.each([
    [undefined, 204],
    ['http://chat.example', 204],
    ['https://chat.example', 204],
    ['https://evil.example', 403],
    ['https://chat.example.evil.example', 403],
    ['http://chat.example:8080', 403],
    ['null', 403],
    ['', 403],
  ])('%s answers %i without PUBLIC_URL', async (origin, status) => {
    expect((await post(origin)).statusCode).toBe(status)
  })

  test('must be that of PUBLIC_URL when there is one, and cookies are Secure then', async () => {
    const other = await openTestHouse({ PUBLIC_URL: 'https://chat.example/' })
    const register = (origin: string) =>
      other.first.app.inject({
        method: 'POST',
        url: '/api/auth/register',
        headers: { host: 'inside:3000', origin },
        body: account,
      })
    expect((await register('http://inside:3000')).json().code).toBe('ORIGIN_FORBIDDEN')
    const reply = await register('https://chat.example')
    expect(reply.statusCode).toBe(201)
    expect(reply.cookies.length).toBeGreaterThan(1)
    expect(reply.cookies.filter(({ secure }) => !secure)).toEqual([])
    await other.close()
  })
})

describe('rate limits', () => {
  let strict: TestHouse
  beforeAll(async () => {
    strict = await openTestHouse({ RATE_LIMITS: 'on' })
  })
  afterAll(() => strict.close())

  test('stop whoever guesses a password, by name and address, on all servers', async () => {
    const second = await strict.another()
    const login = (username: string, { app } = strict.first) =>
      app.inject({ method: 'POST', url: '/api/auth/login', body: { username, password: 'guess' } })
    for (let index = 0; index < 10; index += 1) {
      const reply = await login('victim', index % 2 ? second : strict.first)
      expect(reply.json().code).toBe('INVALID_CREDENTIALS')
    }
    const reply = await login('victim', second)
    expect([reply.statusCode, reply.json().code]).toEqual([429, 'RATE_LIMITED'])
    expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0)
    expect((await login('other')).statusCode).toBe(401)
  })

  test('let a user send 60 messages in 10 seconds', async () => {
    const person = await strict.person()
    const { id } = await person.group([])
    const send = () => person.call('POST', `/chats/${id}/messages`, { body: 'x', clientId: v4() })
    const replies = await Promise.all(Array.from({ length: 70 }, send))
    const codes = replies.map(({ statusCode }) => statusCode)
    expect(codes.filter((code) => code === 201)).toHaveLength(60)
    expect(codes.filter((code) => code === 429)).toHaveLength(10)
    expect((await person.call('GET', '/me')).statusCode).toBe(200)
  })
})
