import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { textFrame } from './frames.ts'
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
  const accepted = once(server, 'connection') as Promise<[WebSocket, IncomingMessage]>
  const client = new WebSocket(`ws://127.0.0.1:${address.port}`)
  const got: string[] = []
  client.on('message', (data) => got.push(data.toString()))
  const [near, { socket }] = await accepted
  return { outbox: makeOutbox(near, socket), near, client, got }
}

test('holds events back until the missed ones are out, and loses none', async () => {
  const { outbox, client, got } = await connection()
  const missed = { type: 'call.answered' as const, callId: 'missed', chatId: 'x' }
  outbox.send(textFrame('"first"'))
  await outbox.replay(missed)
  outbox.send(textFrame('"second"'))
  outbox.open(textFrame('"ready"'))
  outbox.send(textFrame('"live"'))
  await expect
    .poll(() => got)
    .toEqual([JSON.stringify(missed), '"first"', '"second"', '"ready"', '"live"'])
  client.close()
})

test('gives up when too much is held back', async () => {
  const { outbox, client } = await connection()
  const closed = once(client, 'close')
  for (let index = 0; index < 3; index += 1) outbox.send(Buffer.alloc(600 * 1024))
  expect((await closed)[0]).toBe(1013)
})

test('a frame is as long as it says, whatever its length, and mixes with those of the socket', async () => {
  const { outbox, near, client, got } = await connection()
  const texts = [2, 125, 126, 65_535, 65_536, 200_000].map((length) => `ж${'a'.repeat(length - 2)}`)
  outbox.open(textFrame('"ready"'))
  for (const text of texts) {
    outbox.send(textFrame(text))
    near.send('"of the socket"')
  }
  const mixed = texts.flatMap((text) => [text, '"of the socket"'])
  await expect.poll(() => got).toEqual(['"ready"', ...mixed])
  client.close()
})
