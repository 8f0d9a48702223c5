import type { Call } from '@beseda/protocol/calls'
import type { RtpCapabilities, RtpParameters, TransportOptions } from '@beseda/protocol/media'
import type { ConsumerOptions, Joined, Notice, Peer } from '@beseda/protocol/signalling'
import { Device } from 'mediasoup-client'
import * as fake from 'mediasoup-client/fakeParameters'
import { FakeHandler } from 'mediasoup-client/handlers/FakeHandler'
import { afterEach, expect, test, vi } from 'vitest'
import type { Rest } from '../rest.ts'
import { createCallSession } from './session.ts'

const self = '00000000-0000-7000-8000-000000000001'
const anna = '00000000-0000-7000-8000-000000000002'
const boris = '00000000-0000-7000-8000-000000000003'
const call: Call = {
  id: '00000000-0000-7000-8000-0000000000ca',
  chatId: '00000000-0000-7000-8000-0000000000cb',
  initiatorId: anna,
  type: 'audio',
  status: 'active',
  createdAt: '2026-01-01T00:00:00.000Z',
  answeredAt: null,
  epoch: 1,
  peers: [],
  declined: [],
}
const peer = (userId: string): Peer => ({
  userId,
  displayName: userId.slice(-1),
  avatarId: null,
  joinedAt: '2026-01-01T00:00:00.000Z',
  publish: ['microphone'],
  handRaisedAt: null,
})
const routerCapabilities = fake.generateRouterRtpCapabilities() as RtpCapabilities
const transport = () => fake.generateTransportRemoteParameters() as unknown as TransportOptions

function microphone(userId: string, id: string): ConsumerOptions {
  const { kind, rtpParameters } = fake.generateConsumerRemoteParameters({
    codecMimeType: 'audio/opus',
  })
  const source = 'microphone'
  const producerId = `producer of ${id}`
  const parameters = rtpParameters as RtpParameters
  return { id, producerId, userId, source, kind, rtpParameters: parameters, producerPaused: false }
}

/** The SFU's end of the socket. */
class Wire {
  static OPEN = 1
  static made: Wire[] = []
  readyState = 0
  sent: { id: number; type: string }[] = []
  onopen = () => {}
  onclose = (_: { code: number }) => {}
  onmessage = (_: { data: string }) => {}

  constructor() {
    Wire.made.push(this)
    queueMicrotask(() => {
      this.readyState = Wire.OPEN
      this.onopen()
    })
  }
  send(text: string) {
    this.sent.push(JSON.parse(text))
  }
  close() {}
  say(frame: object) {
    this.onmessage({ data: JSON.stringify(frame) })
  }

  /** Answer a request once it is there, with notices right behind the answer. */
  async answer(type: string, data: object, ...behind: Notice[]) {
    const request = await vi.waitFor(
      () => {
        const found = this.sent.find((frame) => frame.type === type)
        if (!found) throw new Error(`${type} was not asked`)
        return found
      },
      { timeout: 15_000 },
    )
    this.say({ id: request.id, ok: true, data })
    for (const notice of behind) this.say(notice)
  }
}

afterEach(() => {
  Wire.made = []
})

const wire = (index: number) =>
  vi.waitFor(
    () => {
      const found = Wire.made[index]
      if (!found) throw new Error('no socket was opened')
      return found
    },
    { timeout: 15_000 },
  )

test('what happens right behind the answer to join, and to resume, is not lost', async () => {
  const { session, enter } = createCallSession(
    {
      rest: {} as Rest,
      WebSocket: Wire as unknown as typeof WebSocket,
      createDevice: async () => new Device({ handlerFactory: FakeHandler.createFactory(fake) }),
      userId: self,
    },
    {
      call,
      join: {
        url: 'ws://sfu.test',
        token: 'token',
        iceServers: [],
        rtpCapabilities: routerCapabilities,
      },
    },
  )
  const tracks = (userId: string) => {
    const found = session.state.get().peers.find((one) => one.userId === userId)
    return (
      found && Object.values(found.tracks).map(({ consumerId, paused }) => [consumerId, paused])
    )
  }

  const entered = enter()
  const joined: Joined = {
    routerRtpCapabilities: routerCapabilities,
    sendTransport: transport(),
    recvTransport: transport(),
    self: peer(self),
    peers: [peer(anna)],
    consumers: [microphone(anna, 'c1')],
    resumeKey: 'key',
    startedAt: call.createdAt,
  }
  const first = await wire(0)
  await first.answer(
    'join',
    joined,
    { type: 'consumer.paused', consumerId: 'c1' },
    { type: 'peer.joined', peer: peer(boris) },
    { type: 'consumer.opened', consumer: microphone(boris, 'c2') },
    { type: 'consumer.paused', consumerId: 'c2' },
  )
  await first.answer('resumeConsumers', {})
  await entered
  await expect.poll(() => tracks(boris)).toEqual([['c2', true]])
  expect(tracks(anna)).toEqual([['c1', true]])

  first.onclose({ code: 1006 })
  const second = await wire(1)
  const { iceParameters } = transport()
  await second.answer(
    'resume',
    {
      sendIceParameters: iceParameters,
      recvIceParameters: iceParameters,
      self: peer(self),
      peers: [peer(anna), peer(boris)],
      consumers: [microphone(anna, 'c1'), microphone(boris, 'c2'), microphone(boris, 'c3')],
      producerIds: [],
      mutedProducerIds: [],
    },
    { type: 'consumer.paused', consumerId: 'c3' },
    { type: 'consumer.closed', consumerId: 'c2' },
    { type: 'peer.left', userId: anna, reason: 'left' },
  )
  await second.answer('resumeConsumers', {})
  await expect.poll(() => tracks(boris)).toEqual([['c3', true]])
  expect(tracks(anna)).toBeUndefined()
  expect(session.state.get().phase).toEqual({ status: 'connected' })
})
