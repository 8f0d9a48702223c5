import { sql } from 'drizzle-orm'
import { v4 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { refreshCookie } from './auth/cookies.ts'
import { makeLog } from './log.ts'
import { openTestHouse, type TestHouse } from './testing/app.ts'
import { type Person, password } from './testing/person.ts'

const lines: string[] = []
let house: TestHouse
let anna: Person

beforeAll(async () => {
  const log = makeLog('trace', { write: (line) => void lines.push(line) })
  house = await openTestHouse({}, log)
  anna = await house.person('Анна')
})
afterAll(() => house.close())

test('no password, token or word of a message is ever in the log, whatever fails', async () => {
  const { app, services } = house.first
  const word = 'a word for nobody else'
  const chat = await anna.group([])
  await anna.send(chat.id, word)
  const socket = await anna.socket()
  socket.sendFrame({ type: 'hello', token: `${anna.token}x` })
  await socket.closed
  const post = (url: string, body: object, headers: Record<string, string> = {}) =>
    app.inject({ method: 'POST', url: `/api${url}`, body, headers })
  await post('/auth/login', { username: anna.username, password: `${password} wrong` })
  await post('/auth/login', { username: anna.username, password: `${password}\u0000` })
  const forged = { authorization: `Bearer ${anna.token}forged` }
  await post(`/chats/${chat.id}/messages`, { body: word, clientId: v4() }, forged)
  const cookie = `${refreshCookie}=${anna.cookies[refreshCookie]}`
  await post('/auth/refresh', {}, { cookie })
  await app.inject(`/api/search/messages?q=${encodeURIComponent(word)}`)

  // What the database refuses comes back with the statement and all of its values.
  await services.db.execute(sql`ALTER TABLE messages RENAME TO elsewhere`)
  await services.db.execute(sql`ALTER TABLE users RENAME COLUMN search_text TO other`)
  const clientId = v4()
  const failed = await anna.call('POST', `/chats/${chat.id}/messages`, { body: word, clientId })
  const account = { username: 'failing', password: 'a password for nobody', displayName: 'F' }
  const unmade = await post('/auth/register', account)
  expect([failed.statusCode, unmade.statusCode]).toEqual([500, 500])

  const log = lines.join('')
  const secrets = [password, account.password, '$argon2', word, anna.token, services.hostToken]
  secrets.push(anna.cookies[refreshCookie] ?? '-', services.settings.JWT_SECRET)
  expect(secrets.filter((secret) => log.includes(secret))).toEqual([])
  // And what went wrong can be found all the same.
  const entries = lines.map((line) => JSON.parse(line))
  const reqId = failed.headers['x-request-id']
  const error = entries.find((entry) => entry.reqId === reqId && entry.err)
  expect(error.err).toMatchObject({
    message: expect.stringMatching(/^Failed query: /),
    cause: { code: expect.stringMatching(/^42/) },
  })
  expect(entries).toContainEqual(
    expect.objectContaining({
      route: '/api/chats/:chatId/messages',
      chatId: chat.id,
      status: 500,
      reqId,
    }),
  )
})
