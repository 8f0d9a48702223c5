import { once } from 'node:events'
import { connect as connectTcp } from 'node:net'
import { expect, test } from 'vitest'
import { connect } from './testing/client.ts'
import { startTestSfu } from './testing/node.ts'

test('closing does not wait for who asks for a socket meanwhile', async () => {
  const sfu = await startTestSfu({})
  // Until one that does not answer is given up, the door is ajar.
  const silent = await connect(sfu)
  silent.socket.pause()
  const late = connectTcp({ port: sfu.port, host: '127.0.0.1', allowHalfOpen: true })
  late.on('error', () => undefined)
  await once(late, 'connect')

  const closed = sfu.close()
  const health = async () => (await fetch(`http://127.0.0.1:${sfu.port}/healthz`)).status
  await expect.poll(health, { interval: 5, timeout: 15_000 }).toBe(503)
  late.write(
    'GET /signalling HTTP/1.1\r\nHost: sfu\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  )
  await closed
  late.destroy()
  silent.socket.terminate()
})
