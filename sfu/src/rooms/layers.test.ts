import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Sfu } from '../build.ts'
import { putCall } from '../testing/calls.ts'
import { type JoinedClient, join } from '../testing/client.ts'
import { startTestSfu } from '../testing/node.ts'
import { camera } from '../testing/rtp.ts'
import { fallAfterMs, highestWanted, LayerDemand, rises, type Want } from './layers.ts'

test.each<[wants: Want[], highest: Want]>([
  [[], null],
  [[null, null], null],
  [[null, 0], 0],
  [[0, 2, 1], 2],
  [[1, null, 1], 1],
])('of %j the highest is %j', (wants, highest) => {
  expect(highestWanted(wants)).toBe(highest)
})

test.each<[told: Want, next: Want, more: boolean]>([
  [null, 0, true],
  [0, 2, true],
  [2, 2, false],
  [2, 1, false],
  [0, null, false],
  [null, null, false],
])('from %j to %j is more: %j', (told, next, more) => {
  expect(rises(told, next)).toBe(more)
})

describe('the sender', () => {
  let told: Want[]
  let demand: LayerDemand
  beforeEach(() => {
    vi.useFakeTimers()
    told = []
    demand = new LayerDemand(2, (want) => told.push(want))
  })
  afterEach(() => vi.useRealTimers())

  test('hears of less only when it lasts, and of more at once', () => {
    demand.update([0])
    vi.advanceTimersByTime(fallAfterMs - 1)
    expect(told).toEqual([])
    vi.advanceTimersByTime(1)
    expect(told).toEqual([0])
    demand.update([1])
    expect(told).toEqual([0, 1])
  })

  test('hears nothing of what is turned back soon', () => {
    demand.update([null])
    vi.advanceTimersByTime(fallAfterMs / 2)
    demand.update([2])
    vi.advanceTimersByTime(fallAfterMs * 2)
    expect(told).toEqual([])
  })

  test('hears the last of several, counted from the first', () => {
    demand.update([1])
    vi.advanceTimersByTime(fallAfterMs / 2)
    demand.update([null])
    vi.advanceTimersByTime(fallAfterMs / 2)
    expect(told).toEqual([null])
  })

  test('hears nothing after the end', () => {
    demand.update([])
    demand.close()
    vi.advanceTimersByTime(fallAfterMs * 2)
    expect(told).toEqual([])
  })
})

describe('in a call', () => {
  let sfu: Sfu
  beforeAll(async () => {
    sfu = await startTestSfu()
  })
  afterAll(() => sfu.close())

  const toldTo = (client: JoinedClient) =>
    client.notices.flatMap((notice) =>
      notice.type === 'producer.layers' ? [notice.maxSpatialLayer] : [],
    )

  test('a publisher is told the highest layer that anybody wants', async () => {
    const call = await putCall(sfu)
    const [ann, bob, cat] = [await join(sfu, call), await join(sfu, call), await join(sfu, call)]
    await ann.request('produce', camera(ann.joined.sendTransport.id))
    const mine = (await bob.notice('consumer.opened')).consumer.id
    const yours = (await cat.notice('consumer.opened')).consumer.id
    // Nobody has resumed it yet.
    await expect.poll(() => toldTo(ann)).toEqual([null])

    await bob.request('setPreferredLayers', { consumerId: mine, spatialLayer: 0 })
    await bob.request('resumeConsumers', { consumerIds: [mine] })
    await expect.poll(() => toldTo(ann)).toEqual([null, 0])
    await cat.request('resumeConsumers', { consumerIds: [yours] })
    await expect.poll(() => toldTo(ann)).toEqual([null, 0, 2])
    await cat.request('setPreferredLayers', { consumerId: yours, spatialLayer: 1 })
    await expect.poll(() => toldTo(ann)).toEqual([null, 0, 2, 1])
    await cat.request('leave', {})
    await expect.poll(() => toldTo(ann)).toEqual([null, 0, 2, 1, 0])
    await bob.request('pauseConsumer', { consumerId: mine })
    await expect.poll(() => toldTo(ann)).toEqual([null, 0, 2, 1, 0, null])
  })
})
