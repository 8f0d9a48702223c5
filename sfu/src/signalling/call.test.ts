import { callPeerStateSchema, redisKeys, sfuNodeSchema } from '@beseda/protocol/redis'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Sfu } from '../build.ts'
import { putCall, signToken } from '../testing/calls.ts'
import { connect, join } from '../testing/client.ts'
import { eventsOf } from '../testing/events.ts'
import { startTestSfu } from '../testing/node.ts'
import { camera, capabilities, dtlsParameters, microphone } from '../testing/rtp.ts'

let sfu: Sfu
beforeAll(async () => {
  sfu = await startTestSfu({ SFU_ANNOUNCED_ADDRESS: ['203.0.113.7', '127.0.0.1'] })
})
afterAll(() => sfu.close())

describe('joining', () => {
  test('answers with everything in one reply', async () => {
    const createdAt = Date.now() - 60_000
    const call = await putCall(sfu, { createdAt: String(createdAt) })
    const ann = await join(sfu, call, { displayName: 'Анна' })
    await ann.request('produce', microphone(ann.joined.sendTransport.id))
    await ann.request('produce', { ...camera(ann.joined.sendTransport.id), paused: true })

    const bob = await join(sfu, call)
    expect(bob.joined.peers).toMatchObject([{ userId: ann.userId, displayName: 'Анна' }])
    expect(bob.joined.consumers).toMatchObject([
      { userId: ann.userId, source: 'microphone', kind: 'audio', producerPaused: false },
      { userId: ann.userId, source: 'camera', kind: 'video', producerPaused: true },
    ])
    expect(bob.joined.routerRtpCapabilities).toEqual(capabilities)
    expect(bob.joined.startedAt).toBe(new Date(createdAt).toISOString())
    expect(Buffer.from(bob.joined.resumeKey, 'base64url')).toHaveLength(16)
    expect(bob.notices).toEqual([])
    expect((await ann.notice('peer.joined')).peer.userId).toBe(bob.userId)
  })

  test('offers every announced address, by UDP and TCP', async () => {
    const ann = await join(sfu, await putCall(sfu))
    const { iceCandidates } = ann.joined.sendTransport
    expect(iceCandidates.map(({ address, protocol }) => `${protocol} ${address}`).sort()).toEqual([
      'tcp 127.0.0.1',
      'tcp 203.0.113.7',
      'udp 127.0.0.1',
      'udp 203.0.113.7',
    ])
    expect(new Set(iceCandidates.map((candidate) => candidate.priority)).size).toBe(4)
  })

  test('is the same room for those who come at the same time', async () => {
    const call = await putCall(sfu)
    const clients = await Promise.all(Array.from({ length: 8 }, () => join(sfu, call)))
    const router = await sfu.redis.hgetall(redisKeys.callRouter(call.callId))
    expect(router).toMatchObject({ node: sfu.node, pid: String(sfu.pool.workers[0]?.pid) })
    for (const client of clients) {
      await vi.waitFor(
        () => {
          const later = client.notices.filter((notice) => notice.type === 'peer.joined')
          const known = [...client.joined.peers, ...later.map((notice) => notice.peer)]
          expect(new Set(known.map((peer) => peer.userId)).size).toBe(7)
          expect(known).toHaveLength(7)
        },
        { timeout: 15_000 },
      )
    }
  })

  test('stops at the number of peers that the token names', async () => {
    const call = await putCall(sfu)
    const clients = await Promise.all(Array.from({ length: 6 }, () => connect(sfu)))
    const outcomes = await Promise.all(
      clients.map((client) =>
        client.ask('join', {
          token: signToken(sfu, call, { maxPeers: 4 }),
          rtpCapabilities: capabilities,
        }),
      ),
    )
    const codes = outcomes.map((outcome) => outcome.code ?? 'in')
    expect(codes.sort()).toEqual(['CALL_FULL', 'CALL_FULL', 'in', 'in', 'in', 'in'])
  })

  test('replaces the same user who is in from elsewhere', async () => {
    const call = await putCall(sfu)
    const bob = await join(sfu, call)
    const older = await join(sfu, call, { maxPeers: 2 })
    await older.request('produce', microphone(older.joined.sendTransport.id))
    const newer = await join(sfu, call, { sub: older.userId, maxPeers: 2 })
    expect(await older.closed).toBe(4409)
    expect(older.notices.at(-1)).toEqual({ type: 'closed', reason: 'replaced' })
    expect(newer.joined.peers.map((peer) => peer.userId)).toEqual([bob.userId])
    expect((await bob.notice('peer.left')).reason).toBe('replaced')
    await bob.notice('consumer.closed')
    expect(bob.notices.filter((notice) => notice.type === 'peer.joined')).toHaveLength(2)
  })
})

describe('publishing', () => {
  test('opens a paused consumer for everybody else, and follows pause and close', async () => {
    const call = await putCall(sfu)
    const [ann, bob, eve] = await Promise.all([join(sfu, call), join(sfu, call), join(sfu, call)])
    const transportId = ann.joined.sendTransport.id
    const [, { producerId }] = await Promise.all([
      ann.request('connectTransport', { transportId, dtlsParameters }),
      ann.request('produce', camera(transportId)),
    ])
    for (const other of [bob, eve]) {
      const { consumer } = await other.notice('consumer.opened')
      expect(consumer).toMatchObject({ producerId, userId: ann.userId, source: 'camera' })
      const consumerId = consumer.id
      await other.request('resumeConsumers', { consumerIds: [consumerId] })
      await other.request('setPreferredLayers', { consumerId, spatialLayer: 0 })
      await other.request('pauseConsumer', { consumerId })
    }
    expect(ann.notices.some((notice) => notice.type === 'consumer.opened')).toBe(false)

    await ann.request('pauseProducer', { producerId })
    await bob.notice('consumer.paused')
    await ann.request('resumeProducer', { producerId })
    await bob.notice('consumer.resumed')
    await ann.request('closeProducer', { producerId })
    await bob.notice('consumer.closed')
    await ann.request('produce', camera(transportId))
  })

  test('keeps to the token, to one producer per source and to three layers', async () => {
    const call = await putCall(sfu)
    const ann = await join(sfu, call, { publish: ['microphone', 'camera'] })
    const transportId = ann.joined.sendTransport.id
    const screen = { ...camera(transportId), source: 'screen' }
    expect(await ann.refusal('produce', screen)).toBe('FORBIDDEN')
    const wrongKind = { ...microphone(transportId), source: 'camera' }
    expect(await ann.refusal('produce', wrongKind)).toBe('VALIDATION')
    expect(await ann.refusal('produce', camera(transportId, 4))).toBe('UNSUPPORTED_MEDIA')
    const twice = await Promise.all([
      ann.ask('produce', camera(transportId)),
      ann.ask('produce', camera(transportId)),
    ])
    expect(twice.map((outcome) => outcome.code)).toEqual([undefined, 'LIMIT'])
  })

  test('takes a source again after its parameters were refused', async () => {
    const ann = await join(sfu, await putCall(sfu))
    const transportId = ann.joined.sendTransport.id
    const good = camera(transportId)
    const codecs = [{ mimeType: 'video/AV1', payloadType: 45, clockRate: 90_000 }]
    const bad = { ...good, rtpParameters: { ...good.rtpParameters, codecs } }
    expect(await ann.refusal('produce', bad)).toBe('UNSUPPORTED_MEDIA')
    await ann.request('produce', good)
  })
})

describe('what the servers see', () => {
  test('is the peers, their sources, and every change in order', async () => {
    const call = await putCall(sfu)
    const ann = await join(sfu, call)
    const bob = await join(sfu, call)
    await ann.request('produce', microphone(ann.joined.sendTransport.id))
    await vi.waitFor(
      async () => {
        const peers = await sfu.redis.hgetall(redisKeys.callPeers(call.callId))
        expect(Object.keys(peers).sort()).toEqual([ann.userId, bob.userId].sort())
        const state = callPeerStateSchema.parse(JSON.parse(peers[ann.userId] ?? ''))
        expect(state.sources).toEqual(['microphone'])
      },
      { timeout: 15_000 },
    )
    expect(await sfu.redis.ttl(redisKeys.callPeers(call.callId))).toBeGreaterThan(43_000)
    expect(await sfu.redis.ttl(redisKeys.callRouter(call.callId))).toBeGreaterThan(43_000)

    await ann.request('leave', {})
    expect(await ann.closed).toBe(4410)
    expect((await bob.notice('peer.left')).reason).toBe('left')
    await bob.request('leave', {})
    await vi.waitFor(
      async () => {
        expect((await eventsOf(sfu.redis, call.callId)).at(-1)?.type).toBe('ended')
      },
      { timeout: 15_000 },
    )
    const events = await eventsOf(sfu.redis, call.callId)
    expect(events.map((event) => event.type)).toEqual([
      'joined',
      'joined',
      'updated',
      'left',
      'left',
      'ended',
    ])
    expect(await sfu.redis.exists(redisKeys.callPeers(call.callId))).toBe(0)
    expect(await sfu.redis.exists(redisKeys.callRouter(call.callId))).toBe(0)
  })

  test('is the node, under a key that expires', async () => {
    const key = redisKeys.sfuNode(sfu.node)
    const node = sfuNodeSchema.parse(JSON.parse((await sfu.redis.get(key)) ?? ''))
    expect(node).toMatchObject({ node: sfu.node, port: sfu.port, draining: false })
    expect(node.rtpCapabilities).toEqual(capabilities)
    const ttl = await sfu.redis.ttl(key)
    expect(ttl).toBeGreaterThan(3)
    expect(ttl).toBeLessThanOrEqual(6)
  })
})
