import { connect, createServer, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestHouse, type TestHouse, testRedisUrl } from '../testing/app.ts'

/** A way to Redis that can be cut. */
async function openCable() {
  const url = new URL(testRedisUrl())
  const [port, host] = [Number(url.port), url.hostname]
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(port, host)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    }
    near.pipe(far).pipe(near)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no address')
  url.host = `127.0.0.1:${address.port}`
  return {
    url: url.href,
    cut: () => {
      for (const socket of sockets) socket.destroy()
    },
    close: () => server.close(),
  }
}

let cable: Awaited<ReturnType<typeof openCable>>
let house: TestHouse
beforeAll(async () => {
  cable = await openCable()
  house = await openTestHouse({ REDIS_URL: cable.url })
})
afterAll(async () => {
  await house.close()
  cable.close()
})

test('when Redis was away every client is told to come back and catch up', async () => {
  const anna = await house.person()
  const chat = await anna.group([])
  const socket = await anna.socket()
  cable.cut()
  expect(await socket.closed).toBe(1001)
  const sent = await anna.send(chat.id, 'after the cut')
  const again = await anna.socket({ [chat.id]: sent.seq - 1 })
  expect((await again.next('message.created')).message).toEqual(sent)
  const next = await anna.send(chat.id, 'and live again')
  await again.next('message.created', ({ message }) => message.id === next.id)
  await again.close()
})
