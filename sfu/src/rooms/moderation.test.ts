import { callPeerStateSchema, redisKeys, type SfuCommand } from '@beseda/protocol/redis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Sfu } from '../build.ts'
import { putCall, type TestCall } from '../testing/calls.ts'
import { connect, join } from '../testing/client.ts'
import { writeCommand } from '../testing/commands.ts'
import { startTestSfu } from '../testing/node.ts'
import { camera, microphone } from '../testing/rtp.ts'

let sfu: Sfu
beforeAll(async () => {
  sfu = await startTestSfu()
})
afterAll(() => sfu.close())

const command = (what: SfuCommand) => writeCommand(sfu, JSON.stringify(what))
const about = ({ callId }: TestCall, userId: string) => ({ callId, userId, at: Date.now() })

describe('a raised hand', () => {
  test('is seen by all, also by who comes later, and is lowered by its owner', async () => {
    const call = await putCall(sfu)
    const [ann, bob] = [await join(sfu, call), await join(sfu, call)]
    expect(ann.joined.self).toMatchObject({ userId: ann.userId, handRaisedAt: null })
    await ann.request('raiseHand', { raised: true })
    await ann.request('raiseHand', { raised: true })
    for (const client of [ann, bob]) {
      const { peer } = await client.notice('peer.updated')
      expect(peer).toMatchObject({ userId: ann.userId, handRaisedAt: expect.any(String) })
    }
    const cat = await join(sfu, call)
    expect(cat.joined.peers.map(({ handRaisedAt }) => handRaisedAt !== null)).toEqual([true, false])
    await ann.request('raiseHand', { raised: false })
    await bob.notice('peer.updated', ({ peer }) => peer.handRaisedAt === null)
    expect(bob.notices.filter(({ type }) => type === 'peer.updated')).toHaveLength(2)
  })

  test('is answered by the right to speak, which everybody sees', async () => {
    const call = await putCall(sfu)
    const [ann, bob] = [await join(sfu, call, { publish: [] }), await join(sfu, call)]
    expect(bob.joined.peers[0]?.publish).toEqual([])
    await ann.request('raiseHand', { raised: true })
    const rights = { type: 'rights', ...about(call, ann.userId) } as const
    await command({ ...rights, publish: ['microphone'], lowerHand: true })
    expect(await ann.notice('rights')).toEqual({ type: 'rights', publish: ['microphone'] })
    const { peer } = await bob.notice('peer.updated', ({ peer }) => peer.publish.length > 0)
    expect(peer).toMatchObject({ publish: ['microphone'], handRaisedAt: null })
    await ann.request('produce', microphone(ann.joined.sendTransport.id))
    await expect
      .poll(async () => {
        const text = await sfu.redis.hget(redisKeys.callPeers(call.callId), ann.userId)
        return callPeerStateSchema.parse(JSON.parse(text ?? '{}')).publish
      })
      .toEqual(['microphone'])
  })
})

describe('a moderator', () => {
  test('mutes a microphone alone; its owner hears who did it, and may unmute again', async () => {
    const call = await putCall(sfu)
    const [ann, bob] = [await join(sfu, call), await join(sfu, call)]
    const transportId = ann.joined.sendTransport.id
    const { producerId } = await ann.request('produce', microphone(transportId))
    await ann.request('produce', camera(transportId))
    const { userId } = ann
    const mute = { callId: call.callId, userId, sources: ['microphone' as const] }
    await command({ type: 'mute', ...mute, byUserId: bob.userId })
    expect(await ann.notice('producer.paused')).toMatchObject({ producerId, byUserId: bob.userId })
    await bob.notice('consumer.paused')
    expect(bob.notices.filter(({ type }) => type === 'consumer.paused')).toHaveLength(1)

    ann.socket.terminate()
    const back = await connect(sfu)
    const { callId } = call
    const resumed = await back.request('resume', { callId, resumeKey: ann.joined.resumeKey })
    expect(resumed.mutedProducerIds).toEqual([producerId])
    await back.request('resumeProducer', { producerId })
    await bob.notice('consumer.resumed')
    // Each command is done once: the next one does not mute again.
    await command({
      type: 'rights',
      ...about(call, userId),
      publish: ['microphone'],
      lowerHand: false,
    })
    await back.notice('rights')
    expect(bob.notices.filter(({ type }) => type === 'consumer.paused')).toHaveLength(1)
  })

  test('takes the floor: a client that ignores its buttons is not heard within a second', async () => {
    const call = await putCall(sfu)
    const [ann, bob] = [await join(sfu, call), await join(sfu, call)]
    const transportId = ann.joined.sendTransport.id
    await ann.request('produce', microphone(transportId))
    const { consumer } = await bob.notice('consumer.opened')
    const began = performance.now()
    const rights = { type: 'rights', ...about(call, ann.userId) } as const
    await command({ ...rights, publish: [], lowerHand: false })
    await bob.notice('consumer.closed', ({ consumerId }) => consumerId === consumer.id)
    const tookMs = performance.now() - began
    expect(tookMs).toBeLessThan(1_000)
    expect(await ann.refusal('produce', microphone(transportId))).toBe('FORBIDDEN')
    expect(await ann.refusal('produce', camera(transportId))).toBe('FORBIDDEN')
  })

  test('puts somebody out, who is told why', async () => {
    const call = await putCall(sfu)
    const ann = await join(sfu, call)
    await command({ type: 'remove', ...about(call, ann.userId), reason: 'left' })
    expect(await ann.closed).toBe(4410)
    expect(ann.notices.at(-1)).toEqual({ type: 'closed', reason: 'left' })
  })
})
