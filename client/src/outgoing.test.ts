import type { Message, SendMessageBody } from '@beseda/protocol/messages'
import { expect, test } from 'vitest'
import { createOutgoing } from './outgoing.ts'
import { createRest } from './rest.ts'
import { chatId, makeMessage } from './testing/messages.ts'
import type { PendingMessage } from './timeline.ts'
import { makeUnsentMemory, openUnsent } from './unsent.ts'

type Answer = () => Response | Promise<Response>

const refusal = (statusCode: number, code: string) =>
  Response.json({ statusCode, code, error: code, message: code }, { status: statusCode })

/** The way out of a chat, to a server that answers as `answers` say and then takes everything. */
function open(storage = makeUnsentMemory(), ...answers: Answer[]) {
  const posted: SendMessageBody[] = []
  const sent: Message[] = []
  let pending: PendingMessage[] = []
  const fetch: typeof globalThis.fetch = async (_, init) => {
    const body: SendMessageBody = JSON.parse(String(init?.body))
    posted.push(body)
    const answer = answers.shift()
    if (answer) return answer()
    return Response.json(makeMessage(posted.length, body.clientId))
  }
  const unsent = openUnsent(storage, 'anna')
  const outgoing = createOutgoing({
    rest: createRest({ url: '', fetch, accessToken: () => 'token', renew: async () => false }),
    chatId,
    unsent,
    get: () => pending,
    set: (next) => {
      pending = next
    },
    onSent: (message) => sent.push(message),
  })
  const kept = () => unsent.byChat().get(chatId) ?? []
  return { outgoing, posted, sent, pending: () => pending, kept }
}

const lost: Answer = () => {
  throw new TypeError('no network')
}
const bodies = (messages: { body: string }[]) => messages.map(({ body }) => body)

test('a message is kept before its send begins, and until the server has it', async () => {
  const { promise, resolve } = Promise.withResolvers<Response>()
  const { outgoing, posted, kept, pending } = open(makeUnsentMemory(), () => promise)
  const clientId = outgoing.send('hello')
  expect(kept()).toMatchObject([{ clientId, body: 'hello', status: 'sending' }])
  await expect.poll(() => posted).toHaveLength(1)
  expect(kept()).toHaveLength(1)
  resolve(Response.json(makeMessage(1, clientId)))
  await expect.poll(pending).toEqual([])
  expect(kept()).toEqual([])
})

test('what is lost on the way goes again under the same id, and nothing overtakes it', async () => {
  const { outgoing, posted, sent } = open(makeUnsentMemory(), lost, () =>
    refusal(503, 'UNAVAILABLE'),
  )
  const ids = ['one', 'two'].map((body) => outgoing.send(body))
  await expect.poll(() => sent).toHaveLength(2)
  expect(posted.map(({ clientId }) => clientId)).toEqual([ids[0], ids[0], ids[0], ids[1]])
})

test('the word that the server is back ends the pause', async () => {
  const { outgoing, posted, sent } = open(makeUnsentMemory(), () => {
    const answer = refusal(429, 'RATE_LIMITED')
    answer.headers.set('retry-after', '3600')
    return answer
  })
  outgoing.send('patient')
  await expect.poll(() => posted).toHaveLength(1)
  await new Promise((resolve) => setTimeout(resolve, 50))
  outgoing.wake()
  await expect.poll(() => sent).toHaveLength(1)
})

test('a refused message stays with its reason over a reload, and the next ones go on', async () => {
  const storage = makeUnsentMemory()
  const { outgoing, sent, kept } = open(storage, () => refusal(403, 'FORBIDDEN'))
  const clientId = outgoing.send('not allowed')
  outgoing.send('allowed')
  await expect.poll(() => sent).toHaveLength(1)
  expect(kept()).toMatchObject([{ clientId, status: 'failed', error: 'FORBIDDEN' }])

  const later = open(storage)
  later.outgoing.restore(later.kept())
  expect(later.pending()).toMatchObject([{ clientId, status: 'failed', error: 'FORBIDDEN' }])
  expect(later.posted).toEqual([])
  later.outgoing.retry(clientId)
  await expect.poll(() => later.sent).toMatchObject([{ clientId }])
  expect(later.kept()).toEqual([])
})

test('what is discarded is kept no longer', async () => {
  const { outgoing, kept, pending } = open(makeUnsentMemory(), () => refusal(403, 'FORBIDDEN'))
  const clientId = outgoing.send('not allowed')
  await expect.poll(() => pending()[0]?.status).toBe('failed')
  outgoing.discard(clientId)
  expect([...kept(), ...pending()]).toEqual([])
})

test('what was meant for a chat that is gone goes with it', async () => {
  const { outgoing, kept, pending } = open(makeUnsentMemory(), () => refusal(404, 'NOT_FOUND'))
  outgoing.send('into the void')
  await expect.poll(pending).toEqual([])
  expect(kept()).toEqual([])
})

test('what an earlier visit left is sent in its order, once', async () => {
  const storage = makeUnsentMemory()
  const left = open(storage, ...Array.from({ length: 9 }, () => lost))
  for (const body of ['one', 'two']) left.outgoing.send(body)
  left.outgoing.close()

  const now = open(storage)
  now.outgoing.send('three')
  now.outgoing.restore(now.kept())
  now.outgoing.restore(now.kept())
  await expect.poll(() => now.sent).toHaveLength(3)
  expect(bodies(now.posted).sort()).toEqual(['one', 'three', 'two'])
  expect(bodies(now.posted).filter((body) => body !== 'three')).toEqual(['one', 'two'])
})

test('a session that ends during a send leaves the message for the next one', async () => {
  const { promise, resolve } = Promise.withResolvers<Response>()
  const { outgoing, posted, kept, sent } = open(makeUnsentMemory(), () => promise)
  outgoing.send('kept')
  await expect.poll(() => posted).toHaveLength(1)
  outgoing.close()
  resolve(refusal(401, 'SESSION_REVOKED'))
  await new Promise((tick) => setTimeout(tick, 50))
  expect(kept()).toMatchObject([{ body: 'kept', status: 'sending' }])
  expect(sent).toEqual([])
})

test('what one user left is none of another’s business', () => {
  const storage = makeUnsentMemory()
  open(storage, lost).outgoing.send('Anna’s')
  expect(openUnsent(storage, 'boris').byChat().size).toBe(0)
  openUnsent(storage, 'boris').clear()
  expect(openUnsent(storage, 'anna').byChat().size).toBe(1)
  openUnsent(storage, 'anna').clear()
  expect(openUnsent(storage, 'anna').byChat().size).toBe(0)
})

test('what cannot be read is no message', () => {
  const storage = makeUnsentMemory()
  for (const [key, text] of ['', '{}', '[', 'null'].entries()) storage.set('anna', `${key}`, text)
  expect(openUnsent(storage, 'anna').byChat().size).toBe(0)
})
