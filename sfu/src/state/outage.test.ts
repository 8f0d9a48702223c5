import { callPeerStateSchema, redisKeys } from '@beseda/protocol/redis'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Sfu } from '../build.ts'
import { breakableRedis } from '../testing/breakable.ts'
import { putCall, signToken } from '../testing/calls.ts'
import { connect, join } from '../testing/client.ts'
import { writeCommand } from '../testing/commands.ts'
import { eventsOf } from '../testing/events.ts'
import { startTestSfu, testRedisUrl } from '../testing/node.ts'
import { camera, capabilities, microphone } from '../testing/rtp.ts'

let sfu: Sfu
let redis: Redis
let wire: Awaited<ReturnType<typeof breakableRedis>>
beforeAll(async () => {
  redis = new Redis(testRedisUrl())
  wire = await breakableRedis()
  sfu = await startTestSfu({ REDIS_URL: wire.url }, { reconcileInterval: 200 })
})
afterAll(async () => {
  await sfu.close()
  await wire.cut()
  redis.disconnect()
})

test('while Redis is away calls go on; what happened is written when it is back', async () => {
  const call = await putCall(sfu)
  const other = await putCall(sfu)
  const ann = await join(sfu, call)
  await vi.waitFor(async () => expect(await eventsOf(redis, call.callId)).toHaveLength(1), {
    timeout: 15_000,
  })
  await wire.cut()
  expect(await ready()).toBe(503)

  const bob = await join(sfu, call)
  await ann.request('produce', microphone(ann.joined.sendTransport.id))
  await bob.notice('consumer.opened')
  await bob.request('produce', camera(bob.joined.sendTransport.id))
  await ann.request('leave', {})
  const stranger = await connect(sfu)
  const entry = { token: signToken(sfu, other), rtpCapabilities: capabilities }
  expect(await stranger.refusal('join', entry)).toBe('INTERNAL')

  await wire.mend()
  await vi.waitFor(async () => expect(await ready()).toBe(200), { timeout: 15_000 })
  await vi.waitFor(
    async () => {
      const events = await eventsOf(redis, call.callId)
      expect(events.map((event) => event.type)).toEqual([
        'joined',
        'joined',
        'updated',
        'updated',
        'left',
      ])
    },
    { timeout: 15_000 },
  )
  const peers = await redis.hgetall(redisKeys.callPeers(call.callId))
  expect(Object.keys(peers)).toEqual([bob.userId])
  const state = callPeerStateSchema.parse(JSON.parse(peers[bob.userId] ?? ''))
  expect(state.sources).toEqual(['camera'])
  await stranger.request('join', entry)

  await writeCommand(
    { redis, node: sfu.node },
    JSON.stringify({ type: 'end', callId: call.callId }),
  )
  expect(await bob.closed).toBe(4410)
})

test('a command that was given while Redis could not be reached is done once it can', async () => {
  const call = await putCall({ redis, node: sfu.node })
  const ann = await join(sfu, call)
  const bob = await join(sfu, call)
  const { producerId } = await ann.request('produce', microphone(ann.joined.sendTransport.id))
  await wire.cut()
  const about = { callId: call.callId, userId: ann.userId, at: Date.now() }
  const commands = [
    { type: 'rights', ...about, publish: ['camera'], lowerHand: false },
    { type: 'remove', ...about, userId: bob.userId, reason: 'removed' },
  ]
  for (const command of commands) {
    await writeCommand({ redis, node: sfu.node }, JSON.stringify(command))
  }
  await wire.mend()
  expect(await ann.notice('rights')).toMatchObject({ publish: ['camera'] })
  expect(await ann.notice('producer.closed')).toMatchObject({ producerId })
  expect(await bob.closed).toBe(4410)
  ann.socket.close()
})

test('a Redis that lost everything is told again of the call, its rights and its people', async () => {
  const call = await putCall({ redis, node: sfu.node })
  const { callId, chatId } = call
  const ann = await join(sfu, call)
  await redis.sadd(redisKeys.callSpeakers(callId), ann.userId)
  await redis.hset(redisKeys.call(callId), 'answeredAt', '5')
  // The copy is renewed with every look.
  await vi.waitFor(() => expect(sfu.copies.known(callId)?.speakers).toEqual([ann.userId]), {
    timeout: 15_000,
  })
  const before = await redis.hgetall(redisKeys.call(callId))
  await redis.del(
    ...[redisKeys.call(callId), redisKeys.callPeers(callId), redisKeys.callRouter(callId)],
    ...[redisKeys.callSpeakers(callId), redisKeys.chatCall(chatId), redisKeys.callsDue],
  )
  await vi.waitFor(
    async () => {
      expect(await redis.hgetall(redisKeys.call(callId))).toEqual(before)
      expect(Object.keys(await redis.hgetall(redisKeys.callPeers(callId)))).toEqual([ann.userId])
    },
    { timeout: 15_000 },
  )
  expect(await redis.get(redisKeys.chatCall(chatId))).toBe(callId)
  expect(await redis.get(redisKeys.userCall(ann.userId))).toBe(callId)
  expect(await redis.smembers(redisKeys.callSpeakers(callId))).toEqual([ann.userId])
  expect(await redis.hget(redisKeys.callRouter(callId), 'node')).toBe(sfu.node)
  expect(await redis.zscore(redisKeys.callsDue, callId)).not.toBeNull()
  await redis.hset(redisKeys.call(callId), 'status', 'ended')
  expect(await ann.closed).toBe(4410)
})

test('a call whose chat has another one by now ends instead', async () => {
  const call = await putCall({ redis, node: sfu.node })
  const ann = await join(sfu, call)
  await redis.set(redisKeys.chatCall(call.chatId), crypto.randomUUID())
  await redis.del(redisKeys.call(call.callId))
  expect(await ann.closed).toBe(4410)
})

async function ready(): Promise<number> {
  return (await fetch(`http://127.0.0.1:${sfu.port}/readyz`)).status
}
