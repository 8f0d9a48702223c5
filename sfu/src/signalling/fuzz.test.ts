import { type RequestType, requests } from '@beseda/protocol/signalling'
import { garble, makeRandom, mutate, pick } from '@beseda/protocol/testing/fuzz'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Sfu } from '../build.ts'
import { putCall, signToken, type TestCall } from '../testing/calls.ts'
import { connect, type JoinedClient, join } from '../testing/client.ts'
import { startTestSfu } from '../testing/node.ts'
import { camera, capabilities, dtlsParameters, microphone } from '../testing/rtp.ts'

const seed = 20_261_121
/** Under the rate that closes a socket. */
const framesOfOne = 390
const sockets = 25
const strangers = 250

let sfu: Sfu
beforeAll(async () => {
  sfu = await startTestSfu()
})
afterAll(() => sfu.close())

/** A good request of each type, to be spoilt. */
function goodData(client: JoinedClient, call: TestCall): Record<RequestType, unknown> {
  const { sendTransport, recvTransport, resumeKey } = client.joined
  const transportId = sendTransport.id
  const consumerId = client.joined.consumers[0]?.id ?? 'none'
  return {
    join: { token: signToken(sfu, call), rtpCapabilities: capabilities },
    resume: { callId: call.callId, resumeKey },
    probe: { token: signToken(sfu, call) },
    connectTransport: { transportId: recvTransport.id, dtlsParameters },
    restartIce: { transportId },
    produce: { ...camera(transportId), paused: false },
    pauseProducer: { producerId: transportId },
    resumeProducer: { producerId: transportId },
    closeProducer: { producerId: transportId },
    resumeConsumers: { consumerIds: [consumerId] },
    pauseConsumer: { consumerId },
    setPreferredLayers: { consumerId, spatialLayer: 1, temporalLayer: 1 },
    raiseHand: { raised: true },
    stay: {},
    leave: {},
  }
}

const types = Object.keys(requests) as [RequestType, ...RequestType[]]

test('ten thousand spoilt frames leave the node serving, with the worker and the memory it had', async () => {
  const random = makeRandom(seed)
  const pid = sfu.pool.workers[0]?.pid
  const residentBefore = process.memoryUsage().rss
  let sent = 0
  for (let socket = 0; socket < sockets; socket++) {
    const call = await putCall(sfu)
    const host = await join(sfu, call)
    await host.request('produce', microphone(host.joined.sendTransport.id))
    const client = await join(sfu, call)
    const good = goodData(client, call)
    for (let frame = 0; frame < framesOfOne; frame++, sent++) {
      const type = pick(random, types)
      const data = random() < 0.1 && type !== 'leave' ? good[type] : mutate(random, good[type])
      client.socket.send(JSON.stringify({ id: frame + 1_000, type, data }))
    }
    // Whatever became of it, the other one in the room is heard and can leave.
    await host.request('raiseHand', { raised: true })
    client.socket.close()
    await client.closed
    host.socket.close()
  }
  const call = await putCall(sfu)
  const frame = { id: 1, type: 'join', data: { token: signToken(sfu, call) } }
  for (let stranger = 0; stranger < strangers; stranger++, sent++) {
    const client = await connect(sfu)
    client.socket.send(garble(random, JSON.stringify(frame)))
    client.socket.close()
  }
  expect(sent).toBe(10_000)

  expect(sfu.pool.workers.map((worker) => worker.pid)).toEqual([pid])
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  const [ann, bob] = [await join(sfu, call), await join(sfu, call)]
  await ann.request('produce', microphone(ann.joined.sendTransport.id))
  await bob.notice('consumer.opened')
  const grownMb = (process.memoryUsage().rss - residentBefore) / 2 ** 20
  expect(grownMb).toBeLessThan(200)
})
