import { redisKeys, sfuNodeSchema } from '@beseda/protocol/redis'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Sfu } from '../build.ts'
import { putCall, signToken } from '../testing/calls.ts'
import { connect, join } from '../testing/client.ts'
import { startTestSfu, testRedisUrl } from '../testing/node.ts'
import { capabilities } from '../testing/rtp.ts'

// Nodes of other tests are none that a call could go to.
const REDIS_URL = new URL('/15', testRedisUrl()).href
const patient = { REDIS_URL, SFU_DRAIN_SECONDS: 60 }

let nodes: Sfu[]
beforeEach(() => {
  nodes = []
})
afterEach(() => Promise.all(nodes.map((node) => node.close())))

async function start(settings: Parameters<typeof startTestSfu>[0]) {
  const node = await startTestSfu(settings)
  nodes.push(node)
  return node
}

/** Whether it has resolved yet. */
function follow(promise: Promise<void>) {
  const state = { over: false }
  promise.then(() => {
    state.over = true
  })
  return state
}

test('without another node calls go on, take late joiners, and none is opened', async () => {
  const node = await start(patient)
  const call = await putCall(node)
  const ann = await join(node, call)
  const drained = node.drain()
  const state = follow(drained)
  const key = redisKeys.sfuNode(node.node)
  await expect
    .poll(async () => sfuNodeSchema.parse(JSON.parse((await node.redis.get(key)) ?? '')).draining)
    .toBe(true)
  const bob = await join(node, call)
  const stranger = await connect(node)
  const token = signToken(node, await putCall(node))
  const refused = await stranger.refusal('join', { token, rtpCapabilities: capabilities })
  expect(refused).toBe('DRAINING')
  expect(state.over).toBe(false)
  for (const client of [ann, bob]) await client.request('leave', {})
  await drained
})

test('as soon as another node is up, calls are let go for it', async () => {
  const node = await start(patient)
  const call = await putCall(node)
  const ann = await join(node, call)
  const drained = node.drain()
  const state = follow(drained)
  await new Promise((resolve) => setTimeout(resolve, 700))
  expect(state.over).toBe(false)
  await start({ REDIS_URL })
  await drained
  await node.close()
  expect(await ann.closed).toBe(1001)
  expect(ann.notices.at(-1)).toEqual({ type: 'closed', reason: 'lost' })
})

test('when patience is over calls are let go all the same', async () => {
  const node = await start({ REDIS_URL, SFU_DRAIN_SECONDS: 1 })
  await join(node, await putCall(node))
  await node.drain()
  expect(node.rooms.all).toHaveLength(1)
})
