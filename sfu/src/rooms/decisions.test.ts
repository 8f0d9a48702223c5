import type { Source } from '@beseda/protocol/media'
import type { SfuCommand } from '@beseda/protocol/redis'
import { requests } from '@beseda/protocol/signalling'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Sfu } from '../build.ts'
import { putCall, signToken, type TestCall } from '../testing/calls.ts'
import { connect, join } from '../testing/client.ts'
import { writeCommand } from '../testing/commands.ts'
import { eventsOf } from '../testing/events.ts'
import { startTestSfu } from '../testing/node.ts'
import { camera, capabilities, microphone } from '../testing/rtp.ts'

let sfu: Sfu
beforeAll(async () => {
  sfu = await startTestSfu()
})
afterAll(() => sfu.close())

const command = (what: SfuCommand) => writeCommand(sfu, JSON.stringify(what))

const allow = ({ callId }: TestCall, userId: string, publish: Source[]) =>
  command({ type: 'rights', callId, userId, publish, lowerHand: false, at: Date.now() })

/** A token signed `seconds` from now. */
const signedIn = (seconds: number) => Math.floor(Date.now() / 1000) + seconds

describe('rights that change during a call', () => {
  test('close what is no longer allowed, tell its owner, and refuse it anew', async () => {
    const call = await putCall(sfu)
    const ann = await join(sfu, call)
    const bob = await join(sfu, call)
    const transportId = ann.joined.sendTransport.id
    const voice = await ann.request('produce', microphone(transportId))
    const video = await ann.request('produce', camera(transportId))
    await bob.notice('consumer.opened', ({ consumer }) => consumer.source === 'camera')

    await allow(call, ann.userId, ['camera'])
    expect(await ann.notice('producer.closed')).toMatchObject(voice)
    await bob.notice('consumer.closed')
    expect(await ann.refusal('produce', microphone(transportId))).toBe('FORBIDDEN')
    await ann.request('pauseProducer', video)
    expect(ann.notices.filter(({ type }) => type === 'producer.closed')).toHaveLength(1)
    await vi.waitFor(
      async () => {
        const events = await eventsOf(sfu.redis, call.callId)
        expect(events.filter(({ type }) => type === 'updated')).toHaveLength(4)
      },
      { timeout: 15_000 },
    )

    await allow(call, ann.userId, ['microphone', 'camera'])
    await vi.waitFor(() => ann.request('produce', microphone(transportId)), { timeout: 15_000 })
  })

  test('hold for a track that is being opened at that moment', async () => {
    const call = await putCall(sfu)
    const ann = await join(sfu, call)
    const peer = sfu.rooms.get(call.callId)?.peer(ann.userId)
    if (!peer) throw new Error('ann is not in')
    const request = requests.produce.data.parse(microphone(ann.joined.sendTransport.id))
    const opening = peer.published.open(request)
    peer.allow([])
    await expect(opening).rejects.toMatchObject({ code: 'FORBIDDEN' })
    expect(peer.published.size).toBe(0)
  })

  test('outweigh a token from before, and yield to one from after', async () => {
    const call = await putCall(sfu)
    const sub = crypto.randomUUID()
    await allow(call, sub, ['camera'])
    const older = await join(sfu, call, { sub, iat: signedIn(-5) })
    const { id } = older.joined.sendTransport
    expect(await older.refusal('produce', microphone(id))).toBe('FORBIDDEN')
    await older.request('produce', camera(id))

    const newer = await join(sfu, call, { sub, iat: signedIn(1) })
    await newer.request('produce', microphone(newer.joined.sendTransport.id))
  })
})

describe('somebody who was removed', () => {
  test('is not let in with a token from before, but with one from after', async () => {
    const call = await putCall(sfu)
    const ann = await join(sfu, call)
    await command({
      type: 'remove',
      callId: call.callId,
      userId: ann.userId,
      reason: 'removed',
      at: Date.now(),
    })
    expect(await ann.closed).toBe(4410)
    const again = await connect(sfu)
    const older = signToken(sfu, call, { sub: ann.userId, iat: signedIn(-5) })
    const refused = await again.refusal('join', { token: older, rtpCapabilities: capabilities })
    expect(refused).toBe('FORBIDDEN')
    await join(sfu, call, { sub: ann.userId, iat: signedIn(1) })
  })

  test('is kept out also when nobody has come to the call yet', async () => {
    const call = await putCall(sfu)
    const sub = crypto.randomUUID()
    await command({
      type: 'remove',
      callId: call.callId,
      userId: sub,
      reason: 'removed',
      at: Date.now(),
    })
    const client = await connect(sfu)
    const token = signToken(sfu, call, { sub, iat: signedIn(-5) })
    const refused = await client.refusal('join', { token, rtpCapabilities: capabilities })
    expect(refused).toBe('FORBIDDEN')
    expect(sfu.rooms.get(call.callId)).toBeUndefined()
  })
})
