import { callTtlSeconds, redisKeys } from '@beseda/protocol/redis'
import { Redis } from 'ioredis'
import { v7 as uuid } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeCallStates, type NewCall } from './state.ts'

const url = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379'
const db = Number(process.env.VITEST_POOL_ID ?? 0)
const one = new Redis(url, { db })
const two = new Redis(url, { db })
const here = makeCallStates(one)
const there = makeCallStates(two)

beforeAll(() => one.flushdb())
afterAll(() => Promise.all([one.quit(), two.quit()]))

const newCall = (chatId: string): NewCall => ({
  id: uuid(),
  chatId,
  initiatorId: uuid(),
  type: 'video',
  status: 'ringing',
  node: 'a',
  now: 1_000,
})

async function started() {
  const { call } = await here.start(newCall(uuid()))
  return call.state
}

async function hundredTimes(race: () => Promise<void>) {
  for (let round = 0; round < 100; round++) await race()
}

describe('races between two servers', () => {
  test('two starters get one call', () =>
    hundredTimes(async () => {
      const chatId = uuid()
      const results = await Promise.all([here.start(newCall(chatId)), there.start(newCall(chatId))])
      expect(new Set(results.map(({ call }) => call.state.id)).size).toBe(1)
      expect(results.filter(({ created }) => created)).toHaveLength(1)
    }))

  test('two enders, one of whom ends it', () =>
    hundredTimes(async () => {
      const call = await started()
      const results = await Promise.all([
        here.end(call, 2_000, 'left'),
        there.end(call, 2_001, 'left'),
      ])
      expect(results.filter(({ changed }) => changed)).toHaveLength(1)
      expect(new Set(results.map(({ state }) => state?.endedAt)).size).toBe(1)
    }))

  test('two who reassign get one new node', () =>
    hundredTimes(async () => {
      const call = await started()
      const results = await Promise.all([
        here.reassign(call, 1, 'b', 2_000),
        there.reassign(call, 1, 'c', 2_000),
      ])
      expect(results.filter(({ changed }) => changed)).toHaveLength(1)
      expect(results.map(({ state }) => state?.epoch)).toEqual([2, 2])
      expect(new Set(results.map(({ state }) => state?.node)).size).toBe(1)
    }))

  test('an answer and a missed ring never both win', () =>
    hundredTimes(async () => {
      const call = await started()
      const [answer, end] = await Promise.all([
        here.answer(call, 2_000),
        there.end(call, 2_000, 'left', { status: 'ringing' }),
      ])
      expect([answer.changed, end.changed].filter(Boolean)).toHaveLength(1)
    }))
})

test('a call rings, is answered once, and ends', async () => {
  const call = await started()
  expect(call).toMatchObject({ status: 'ringing', epoch: 1, node: 'a', answeredAt: null })
  expect(await here.answer(call, 2_000)).toMatchObject({ changed: true })
  const again = await here.answer(call, 3_000)
  expect(again).toMatchObject({ changed: false, state: { status: 'active', answeredAt: 2_000 } })
  const end = await here.end(call, 4_000, 'left')
  expect(end.state).toMatchObject({ status: 'ended', endedAt: 4_000, answeredAt: 2_000 })
  expect(await here.answer(call, 5_000)).toMatchObject({ changed: false })
})

test('an ended call leaves its chat free, keeps its hash and drops the rest', async () => {
  const call = await started()
  await one.hset(redisKeys.callPeers(call.id), uuid(), '{}')
  await one.hset(redisKeys.callRouter(call.id), 'node', 'a')
  await here.end(call, 2_000, 'left')
  expect(await here.currentOfChats([call.chatId])).toEqual(new Map())
  expect((await here.read(call.id))?.state.status).toBe('ended')
  const gone = [
    redisKeys.callPeers(call.id),
    redisKeys.callRouter(call.id),
    redisKeys.chatCall(call.chatId),
  ]
  expect(await one.exists(gone)).toBe(0)
  expect(await here.due(Number.MAX_SAFE_INTEGER)).not.toContain(call.id)
})

test('an old call that ends does not free its chat of the new one', async () => {
  const old = await started()
  await one.del(redisKeys.chatCall(old.chatId))
  const { call } = await here.start(newCall(old.chatId))
  await here.end(old, 2_000, 'left')
  expect((await here.currentOfChats([old.chatId])).get(old.chatId)?.state.id).toBe(call.state.id)
})

test('a chat whose current call is gone from Redis can start another', async () => {
  const call = await started()
  await one.del(redisKeys.call(call.id))
  const next = await here.start(newCall(call.chatId))
  expect(next.created).toBe(true)
  expect(next.call.state.id).not.toBe(call.id)
})

test('a guarded end leaves a call alone that is not as it was seen', async () => {
  const call = await started()
  await one.hset(
    redisKeys.callPeers(call.id),
    uuid(),
    JSON.stringify({ joinedAt: 1, sources: [], publish: [], device: '' }),
  )
  expect((await here.end(call, 2_000, 'left', { empty: true })).changed).toBe(false)
  expect((await here.end(call, 2_000, 'left', { epoch: 2 })).changed).toBe(false)
  expect((await here.end(call, 2_000, 'left', { status: 'active' })).changed).toBe(false)
  expect((await here.end(call, 2_000, 'left', { epoch: 1, status: 'ringing' })).changed).toBe(true)
})

test('a reassigned call starts empty, and an ended one stays where it was', async () => {
  const call = await started()
  await one.hset(
    redisKeys.callPeers(call.id),
    uuid(),
    JSON.stringify({ joinedAt: 1, sources: [], publish: [], device: '' }),
  )
  await here.reassign(call, 1, 'b', 2_000)
  expect((await here.read(call.id))?.peers).toEqual([])
  await here.end(call, 3_000, 'left')
  const late = await here.reassign(call, 2, 'c', 4_000)
  expect(late).toMatchObject({ changed: false, state: { status: 'ended', node: 'b', epoch: 2 } })
})

test('every transition sets or refreshes the time to live of each key', async () => {
  const call = await started()
  await one.hset(
    redisKeys.callPeers(call.id),
    uuid(),
    JSON.stringify({ joinedAt: 1, sources: [], publish: [], device: '' }),
  )
  const keys = [
    redisKeys.call(call.id),
    redisKeys.callPeers(call.id),
    redisKeys.chatCall(call.chatId),
    redisKeys.callsDue,
  ]
  const transitions = [
    () => here.answer(call, 2_000),
    () => here.wait(call, 1, { idleSince: null, next: 9_000, forgetPeers: false }),
    () => here.reassign(call, 1, 'b', 2_000),
  ]
  for (const transition of transitions) {
    await Promise.all(keys.map((key) => one.expire(key, 5)))
    await transition()
    const ttls = await Promise.all(keys.map((key) => one.ttl(key)))
    const alive = ttls.filter((ttl) => ttl !== -2)
    expect(alive.length).toBeGreaterThanOrEqual(3)
    for (const ttl of alive) expect(ttl).toBeGreaterThan(callTtlSeconds - 5)
  }
})

test('peers come in the order in which they joined; what cannot be read is left out', async () => {
  const call = await started()
  const [first, second] = [uuid(), uuid()]
  await one.hset(redisKeys.callPeers(call.id), {
    [second]: JSON.stringify({ joinedAt: 2, sources: ['camera'], publish: [], device: '' }),
    [first]: JSON.stringify({ joinedAt: 1, sources: [], publish: [], device: '' }),
    [uuid()]: 'not JSON',
    [uuid()]: JSON.stringify({ joinedAt: 'soon' }),
  })
  const snapshot = await here.read(call.id)
  expect(snapshot?.peers.map(({ userId }) => userId)).toEqual([first, second])
})

test('an unknown call reads as null and no transition makes it', async () => {
  const ref = { id: uuid(), chatId: uuid() }
  expect(await here.read(ref.id)).toBeNull()
  expect(await here.answer(ref, 1)).toEqual({ changed: false, state: null })
  expect(await here.end(ref, 1, 'left')).toEqual({ changed: false, state: null })
  expect(await here.reassign(ref, 1, 'b', 1)).toEqual({ changed: false, state: null })
  expect(await here.wait(ref, 1, { idleSince: null, next: 2, forgetPeers: false })).toEqual({
    changed: false,
    state: null,
  })
  expect(await one.exists(redisKeys.call(ref.id))).toBe(0)
})
