import { redisKeys, sfuNodeSchema } from '@beseda/protocol/redis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Sfu } from '../build.ts'
import { putCall, signToken } from '../testing/calls.ts'
import { connect, join } from '../testing/client.ts'
import { writeCommand } from '../testing/commands.ts'
import { startTestSfu, testRedisUrl } from '../testing/node.ts'
import { capabilities } from '../testing/rtp.ts'

// Nodes of other tests are none that a call could go to.
const REDIS_URL = new URL('/14', testRedisUrl()).href

let sfu: Sfu
beforeAll(async () => {
  sfu = await startTestSfu({ REDIS_URL })
})
afterAll(() => sfu.close())

const tell = (on: boolean) => writeCommand(sfu, JSON.stringify({ type: 'drain', on }))

const isDraining = async () => {
  const text = await sfu.redis.get(redisKeys.sfuNode(sfu.node))
  return sfuNodeSchema.parse(JSON.parse(text ?? '')).draining
}

test('a node that drains goes on until another one is there, takes nothing new, and may return', async () => {
  const call = await putCall(sfu)
  const ann = await join(sfu, call)
  await tell(true)
  await expect.poll(isDraining).toBe(true)

  // Alone, it keeps the call that it has, and lets nobody begin another one.
  expect(sfu.rooms.all).toHaveLength(1)
  const late = await connect(sfu)
  const token = signToken(sfu, await putCall(sfu))
  expect(await late.refusal('join', { token, rtpCapabilities: capabilities })).toBe('DRAINING')
  expect(ann.socket.readyState).toBe(ann.socket.OPEN)

  const other = await startTestSfu({ REDIS_URL })
  await expect.poll(() => sfu.rooms.all.length).toBe(0)
  await other.close()

  await tell(false)
  await expect.poll(isDraining).toBe(false)
  await join(sfu, await putCall(sfu))
  expect(sfu.rooms.all).toHaveLength(1)
})
