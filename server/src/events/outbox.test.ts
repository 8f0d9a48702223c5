import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { makeOutbox } from './outbox.ts'

let server: WebSocketServer
beforeAll(async () => {
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
})
afterAll(() => server.close())

/** Both ends of a connection, and what the client got. */
async function connection() {
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no address')
  const accepted = new Promise<WebSocket>((resolve) => server.once('connection', resolve))
  const client = new WebSocket(`ws://127.0.0.1:${address.port}`)
  const got: string[] = []
  client.on('message', (data) => got.push(data.toString()))
  return { near: await accepted, client, got }
}

test('holds events back until the missed ones are out, and loses none', async () => {
  const { near, client, got } = await connection()
  const outbox = makeOutbox(near)
  const missed = { type: 'call.answered' as const, callId: 'missed', chatId: 'x' }
  outbox.send(Buffer.from('"first"'))
  await outbox.replay(missed)
  outbox.send(Buffer.from('"second"'))
  outbox.open(Buffer.from('"ready"'))
  outbox.send(Buffer.from('"live"'))
  await expect
    .poll(() => got)
    .toEqual([JSON.stringify(missed), '"first"', '"second"', '"ready"', '"live"'])
  client.close()
})

test('gives up when too much is held back', async () => {
  const { near, client } = await connection()
  const outbox = makeOutbox(near)
  const closed = once(client, 'close')
  for (let index = 0; index < 3; index += 1) outbox.send(Buffer.alloc(600 * 1024))
  expect((await closed)[0]).toBe(1013)
})
