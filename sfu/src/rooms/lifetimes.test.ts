import { redisKeys } from '@beseda/protocol/redis'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Sfu } from '../build.ts'
import { putCall } from '../testing/calls.ts'
import { connect, type JoinedClient, join } from '../testing/client.ts'
import { writeCommand } from '../testing/commands.ts'
import { eventsOf } from '../testing/events.ts'
import { startTestSfu } from '../testing/node.ts'
import { camera, microphone } from '../testing/rtp.ts'

const resumeGrace = 1_000

let sfu: Sfu
beforeAll(async () => {
  sfu = await startTestSfu({}, { resumeGrace, reconcileInterval: 200, pingInterval: 100 })
})
afterAll(() => sfu.close())

describe('a socket that drops', () => {
  test('is taken up again in time, with all that changed meanwhile', async () => {
    const call = await putCall(sfu)
    const ann = await join(sfu, call)
    const bob = await join(sfu, call)
    const { producerId } = await ann.request('produce', microphone(ann.joined.sendTransport.id))
    ann.socket.terminate()
    await bob.request('produce', microphone(bob.joined.sendTransport.id))
    const eve = await join(sfu, call)

    const back = await connect(sfu)
    const { callId } = call
    const resumed = await back.request('resume', { callId, resumeKey: ann.joined.resumeKey })
    expect(resumed.producerIds).toEqual([producerId])
    expect(resumed.consumers).toMatchObject([{ userId: bob.userId, source: 'microphone' }])
    expect(resumed.peers.map((peer) => peer.userId).sort()).toEqual([bob.userId, eve.userId].sort())
    const before = ann.joined.sendTransport.iceParameters
    expect(resumed.sendIceParameters.usernameFragment).not.toBe(before.usernameFragment)

    const screen = { ...camera(eve.joined.sendTransport.id), source: 'screen' }
    await eve.request('produce', screen)
    await back.notice('consumer.opened')
    await new Promise((resolve) => setTimeout(resolve, resumeGrace * 1.5))
    expect(bob.notices.some((notice) => notice.type === 'peer.left')).toBe(false)
    await back.request('pauseProducer', { producerId })
  })

  test('takes over from a socket that still hangs', async () => {
    const call = await putCall(sfu)
    const ann = await join(sfu, call)
    const back = await connect(sfu)
    const { callId } = call
    await back.request('resume', { callId, resumeKey: ann.joined.resumeKey })
    expect(await ann.closed).toBe(4409)
    await new Promise((resolve) => setTimeout(resolve, resumeGrace * 1.5))
    await back.request('restartIce', { transportId: ann.joined.sendTransport.id })
  })

  test('loses its peer after the grace', async () => {
    const call = await putCall(sfu)
    const ann = await join(sfu, call)
    const bob = await join(sfu, call)
    ann.socket.terminate()
    expect((await bob.notice('peer.left')).reason).toBe('lost')
    const { callId } = call
    const back = await connect(sfu)
    const resume = { callId, resumeKey: ann.joined.resumeKey }
    expect(await back.refusal('resume', resume)).toBe('WRONG_NODE')
  })

  test('is noticed when the client falls silent', async () => {
    const call = await putCall(sfu)
    const ann = await join(sfu, call)
    const bob = await join(sfu, call)
    ann.socket.pause()
    expect((await bob.notice('peer.left')).reason).toBe('lost')
    ann.socket.terminate()
  })
})

describe('what the servers want', () => {
  test('end: everybody is told and let go', async () => {
    const call = await putCall(sfu)
    const clients = await Promise.all([join(sfu, call), join(sfu, call)])
    await command({ type: 'end', callId: call.callId })
    for (const client of clients) {
      expect(await client.closed).toBe(4410)
      expect(client.notices.at(-1)).toEqual({ type: 'closed', reason: 'ended' })
      expect(client.notices.some((notice) => notice.type === 'peer.left')).toBe(false)
    }
    await expectEvents(call.callId, ['joined', 'joined', 'left', 'left', 'ended'])
  })

  test('remove: one is let go, the others go on', async () => {
    const call = await putCall(sfu)
    const ann = await join(sfu, call)
    const bob = await join(sfu, call)
    await command({
      type: 'remove',
      callId: call.callId,
      userId: ann.userId,
      reason: 'removed',
      at: Date.now(),
    })
    expect(await ann.closed).toBe(4410)
    expect((await bob.notice('peer.left')).reason).toBe('removed')
  })

  test('nonsense is passed over', async () => {
    await writeCommand(sfu, 'reboot')
    await command({ type: 'reboot' })
    await join(sfu, await putCall(sfu))
  })

  function command(content: object) {
    return writeCommand(sfu, JSON.stringify(content))
  }
})

describe('reconciling', () => {
  test('closes a room whose call ended without a word', async () => {
    const call = await putCall(sfu)
    const ann = await join(sfu, call)
    await sfu.redis.hset(redisKeys.call(call.callId), 'status', 'ended')
    expect(await ann.closed).toBe(4410)
  })

  test('lets go of a call that another node has now, and leaves its state alone', async () => {
    const call = await putCall(sfu)
    const ann = await join(sfu, call)
    await expectEvents(call.callId, ['joined'])
    const peers = redisKeys.callPeers(call.callId)
    await sfu.redis
      .multi()
      .hset(redisKeys.call(call.callId), 'epoch', 2)
      .hset(peers, ann.userId, 'as the other node wrote it')
      .exec()
    expect(await ann.closed).toBe(1001)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(await sfu.redis.hgetall(peers)).toEqual({ [ann.userId]: 'as the other node wrote it' })
    await expectEvents(call.callId, ['joined'])
    await sfu.redis.del(peers, redisKeys.callRouter(call.callId))
  })

  test('writes peers again that Redis lost, or holds too many of', async () => {
    const call = await putCall(sfu)
    const ann = await join(sfu, call)
    const peers = redisKeys.callPeers(call.callId)
    await vi.waitFor(async () => expect(await sfu.redis.hkeys(peers)).toEqual([ann.userId]), {
      timeout: 15_000,
    })
    await sfu.redis.del(peers)
    await vi.waitFor(async () => expect(await sfu.redis.hkeys(peers)).toEqual([ann.userId]), {
      timeout: 15_000,
    })
    await sfu.redis.hset(peers, 'a ghost', '{}')
    await vi.waitFor(async () => expect(await sfu.redis.hkeys(peers)).toEqual([ann.userId]), {
      timeout: 15_000,
    })
  })
})

test('fifty rooms leave nothing behind', async () => {
  for (const room of sfu.rooms.all) room.close('ended')
  const ids: string[] = []
  for (let batch = 0; batch < 5; batch++) {
    ids.push(...(await Promise.all(Array.from({ length: 10 }, runCall))))
  }
  const [worker] = sfu.pool.workers
  await vi.waitFor(
    async () => {
      expect(sfu.rooms.all).toEqual([])
      expect((await worker?.worker.dump())?.routerIds).toHaveLength(1)
      const dump = await worker?.server.dump()
      expect(dump?.webRtcTransportIds).toEqual([])
      expect(dump?.localIceUsernameFragments).toEqual([])
      const states = ids.flatMap((callId) => [
        redisKeys.callPeers(callId),
        redisKeys.callRouter(callId),
      ])
      expect(await sfu.redis.exists(states)).toBe(0)
    },
    { timeout: 15_000 },
  )
})

describe('a worker that dies', () => {
  test('takes its rooms along, and another one takes its place', async () => {
    const call = await putCall(sfu)
    const ann = await join(sfu, call)
    const bob = await join(sfu, call)
    const pid = sfu.pool.workers[0]?.pid ?? 0
    process.kill(pid, 'SIGKILL')
    for (const client of [ann, bob]) {
      expect(await client.closed).toBe(1001)
      expect(client.notices.at(-1)).toEqual({ type: 'closed', reason: 'lost' })
    }
    expect(sfu.rooms.get(call.callId)).toBeUndefined()
    await vi.waitFor(() => expect(sfu.pool.workers).toHaveLength(1), { timeout: 15_000 })
    expect(sfu.pool.workers[0]?.pid).not.toBe(pid)

    const again = await join(sfu, call, { sub: ann.userId })
    await again.request('produce', microphone(again.joined.sendTransport.id))
    await expectEvents(call.callId, ['joined', 'joined', 'left', 'left', 'joined', 'updated'])
  })
})

describe('a node that stops', () => {
  test('tells its clients, says what happened and takes its key away', async () => {
    const node = await startTestSfu({ SFU_WORKERS: 2 })
    const call = await putCall(node)
    const ann = await join(node, call)
    const pids = node.pool.workers.map((worker) => worker.pid)
    await node.close()
    expect(await ann.closed).toBe(1001)
    expect(ann.notices.at(-1)).toEqual({ type: 'closed', reason: 'lost' })
    await expectEvents(call.callId, ['joined', 'left'])
    expect(await sfu.redis.exists(redisKeys.sfuNode(node.node))).toBe(0)
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })
})

async function runCall(): Promise<string> {
  const call = await putCall(sfu)
  const [ann, bob] = await Promise.all([join(sfu, call), join(sfu, call)])
  await ann.request('produce', camera(ann.joined.sendTransport.id))
  await bob.notice('consumer.opened')
  await leave(ann)
  await leave(bob)
  return call.callId
}

async function leave(client: JoinedClient): Promise<void> {
  await client.request('leave', {})
  await client.closed
}

async function expectEvents(callId: string, types: string[]): Promise<void> {
  await vi.waitFor(
    async () => {
      expect((await eventsOf(sfu.redis, callId)).map((event) => event.type)).toEqual(types)
    },
    { timeout: 15_000 },
  )
}
