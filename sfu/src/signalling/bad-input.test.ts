import { randomUUID } from 'node:crypto'
import { requests } from '@beseda/protocol/signalling'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Sfu } from '../build.ts'
import { putCall, sign, signToken, type TestCall } from '../testing/calls.ts'
import { connect, type JoinedClient, join } from '../testing/client.ts'
import { callTokenSecret, startTestSfu } from '../testing/node.ts'
import { camera, capabilities, dtlsParameters, microphone } from '../testing/rtp.ts'

let sfu: Sfu
beforeAll(async () => {
  sfu = await startTestSfu({}, { joinTimeout: 300 })
})
afterAll(() => sfu.close())

/** Whatever was sent, the next one who wants in gets in. */
afterEach(async () => {
  const client = await join(sfu, await putCall(sfu))
  await client.request('leave', {})
})

const types = Object.keys(requests)
/** What a socket may begin with. */
const entries = ['join', 'resume', 'probe']
const id = 'nobody-has-this-id'

describe('frames that are no requests', () => {
  const envelope = JSON.stringify({ id: 1, type: 'leave' })
  const frames: [string, string | Buffer][] = [
    ['not JSON', 'hello'],
    ['empty', ''],
    ['half of one', envelope.slice(0, -3)],
    ['binary', Buffer.from(envelope)],
    ['null', 'null'],
    ['an array', `[${envelope}]`],
    ['no id', JSON.stringify({ type: 'leave' })],
    ['a negative id', JSON.stringify({ id: -1, type: 'leave' })],
    ['a text id', JSON.stringify({ id: '1', type: 'leave' })],
    ['an id beyond counting', '{"id":1e300,"type":"leave"}'],
    ['no type', JSON.stringify({ id: 1 })],
    ['an unknown type', JSON.stringify({ id: 1, type: 'reboot' })],
    ['a type of Object', JSON.stringify({ id: 1, type: 'constructor' })],
    ['an unknown key', JSON.stringify({ id: 1, type: 'leave', token: '' })],
  ]
  for (const [name, frame] of frames) {
    for (const when of ['before', 'after']) {
      test(`${name}, ${when} joining: 4400`, async () => {
        const client = when === 'before' ? await connect(sfu) : await join(sfu, await putCall(sfu))
        client.socket.send(frame)
        expect(await client.closed).toBe(4400)
      })
    }
  }

  test('one that is too large: 1009', async () => {
    const client = await connect(sfu)
    client.socket.send(JSON.stringify({ id: 1, type: 'leave', data: 'x'.repeat(65 * 1024) }))
    expect(await client.closed).toBe(1009)
  })

  test('none at all: 4408', async () => {
    expect(await (await connect(sfu)).closed).toBe(4408)
  })

  test('refused entries only: 4408', async () => {
    const client = await connect(sfu)
    expect(await client.refusal('join', {})).toBe('VALIDATION')
    expect(await client.closed).toBe(4408)
  })

  test('too many at once: LIMIT, then 1008', async () => {
    const client = await join(sfu, await putCall(sfu))
    const few = Array.from({ length: 300 }, () => client.refusal('pauseConsumer', {}))
    expect(new Set(await Promise.all(few))).toEqual(new Set(['VALIDATION']))
    const codes: (string | undefined)[] = []
    for (let count = 0; count < 600; count++) {
      void client.ask('pauseConsumer', {}).then((outcome) => codes.push(outcome.code))
    }
    expect(await client.closed).toBe(1008)
    expect(codes.filter((code) => code === 'LIMIT')).toHaveLength(1)
  })
})

describe('order', () => {
  for (const type of types.filter((name) => !entries.includes(name))) {
    test(`${type} before join: NOT_JOINED`, async () => {
      expect(await (await connect(sfu)).refusal(type, {})).toBe('NOT_JOINED')
    })
  }

  test('what comes after leave is not done', async () => {
    const client = await join(sfu, await putCall(sfu))
    const left = client.ask('leave', {})
    const after = client.ask('produce', microphone(client.joined.sendTransport.id))
    const outcome = await Promise.race([after, client.closed])
    expect(await left).toEqual({ data: {}, code: undefined })
    expect([4410, { data: undefined, code: 'NOT_JOINED' }]).toContainEqual(outcome)
  })

  test('join or resume after join: ALREADY_JOINED', async () => {
    const call = await putCall(sfu)
    const client = await join(sfu, call)
    const again = { token: signToken(sfu, call), rtpCapabilities: capabilities }
    expect(await client.refusal('join', again)).toBe('ALREADY_JOINED')
    const { resumeKey } = client.joined
    expect(await client.refusal('resume', { callId: call.callId, resumeKey })).toBe(
      'ALREADY_JOINED',
    )
  })
})

describe('join', () => {
  const now = Math.floor(Date.now() / 1000)
  type Make = (call: TestCall) => string | Promise<string>
  const tokens: [string, string, Make][] = [
    ['no token at all', 'UNAUTHORIZED', () => ''],
    ['no JWT', 'UNAUTHORIZED', () => 'abc.def.ghi'],
    ['another secret', 'UNAUTHORIZED', (call) => signToken(sfu, call, {}, 'x'.repeat(32))],
    ['another audience', 'UNAUTHORIZED', (call) => altered(call, { aud: 'server' })],
    ['no audience', 'UNAUTHORIZED', (call) => altered(call, { aud: undefined })],
    ['no user', 'UNAUTHORIZED', (call) => altered(call, { sub: undefined })],
    ['unknown sources', 'UNAUTHORIZED', (call) => altered(call, { publish: ['all'] })],
    ['no expiry', 'UNAUTHORIZED', (call) => altered(call, { exp: undefined })],
    ['no signature', 'UNAUTHORIZED', (call) => unsigned(call)],
    ['expired', 'TOKEN_EXPIRED', (call) => signToken(sfu, call, { iat: now - 90, exp: now - 30 })],
    ['another node', 'WRONG_NODE', (call) => signToken(sfu, call, { node: 'other' })],
    ['another epoch', 'WRONG_NODE', (call) => signToken(sfu, call, { epoch: 2 })],
    ['no such call', 'CALL_ENDED', (call) => signToken(sfu, { ...call, callId: randomUUID() })],
    [
      'an ended call',
      'CALL_ENDED',
      async () => signToken(sfu, await putCall(sfu, { status: 'ended' })),
    ],
  ]
  for (const [name, code, make] of tokens) {
    test(`${name}: ${code}`, async () => {
      const client = await connect(sfu)
      const token = await make(await putCall(sfu))
      expect(await client.refusal('join', { token, rtpCapabilities: capabilities })).toBe(code)
    })
  }

  test('leaves nothing behind when it is refused', async () => {
    const rooms = sfu.rooms.all.length
    const call = await putCall(sfu)
    const token = signToken(sfu, call, { maxPeers: 0 })
    const client = await connect(sfu)
    expect(await client.refusal('join', { token, rtpCapabilities: capabilities })).toBe('CALL_FULL')
    expect(sfu.rooms.all.length).toBe(rooms)
  })

  test('resume without a peer that waits: WRONG_NODE', async () => {
    const call = await putCall(sfu)
    const ann = await join(sfu, call)
    const stranger = await connect(sfu)
    for (const callId of [call.callId, randomUUID()]) {
      const guess = { callId, resumeKey: ann.userId }
      expect(await stranger.refusal('resume', guess)).toBe('WRONG_NODE')
    }
  })

  function altered(call: TestCall, change: Record<string, unknown>): string {
    const [, payload = ''] = signToken(sfu, call).split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    return sign({ ...claims, ...change }, callTokenSecret)
  }

  function unsigned(call: TestCall): string {
    const [, payload = ''] = signToken(sfu, call).split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    return sign(claims, callTokenSecret, { alg: 'none' }).replace(/[^.]*$/, '')
  }
})

describe('data that does not fit', () => {
  /** Those that bring nothing but themselves. */
  const empty = ['leave', 'stay']
  const rtp = microphone(id).rtpParameters
  const cases: [string, unknown][] = [
    ...types.filter((type) => !empty.includes(type)).map((type): [string, unknown] => [type, {}]),
    ...types.map((type): [string, unknown] => [type, 'text']),
    ...types.map((type): [string, unknown] => [type, [1]]),
    ...types.map((type): [string, unknown] => [type, { surprise: true }]),
    ['join', { token: 'x'.repeat(4097), rtpCapabilities: capabilities }],
    ['join', { token: 1, rtpCapabilities: capabilities }],
    ['join', { token: 'x', rtpCapabilities: { codecs: 'all' } }],
    ['resume', { callId: 'x', resumeKey: 'x' }],
    ['resume', { callId: randomUUID(), resumeKey: 'x'.repeat(129) }],
    ['connectTransport', { transportId: id }],
    ['connectTransport', { transportId: id, dtlsParameters: { fingerprints: [] } }],
    [
      'connectTransport',
      { transportId: id, dtlsParameters: { fingerprints: [{ algorithm: 'md5', value: 'AB:CD' }] } },
    ],
    [
      'connectTransport',
      { transportId: id, dtlsParameters: { fingerprints: [{ algorithm: 'sha-1', value: 'zz' }] } },
    ],
    ['restartIce', { transportId: 7 }],
    ['restartIce', { transportId: '' }],
    ['produce', { ...microphone(id), kind: 'smell' }],
    ['produce', { ...microphone(id), source: 'radio' }],
    ['produce', { ...microphone(id), paused: 'no' }],
    ['produce', { ...microphone(id), rtpParameters: { ...rtp, codecs: [] } }],
    ['produce', { ...microphone(id), rtpParameters: { ...rtp, encodings: [{ ssrc: -1 }] } }],
    ['produce', { ...microphone(id), rtpParameters: { ...rtp, mid: 'x'.repeat(65) } }],
    ['pauseProducer', { producerId: 'x'.repeat(65) }],
    ['resumeConsumers', { consumerIds: [] }],
    ['resumeConsumers', { consumerIds: Array.from({ length: 1001 }, () => 'x') }],
    ['setPreferredLayers', { consumerId: id, spatialLayer: -1 }],
    ['setPreferredLayers', { consumerId: id, spatialLayer: 0.5 }],
    ['setPreferredLayers', { consumerId: id, spatialLayer: 99 }],
  ]

  test('is refused with VALIDATION, every time', async () => {
    const seated = await join(sfu, await putCall(sfu))
    for (const [type, data] of cases) {
      const entry = entries.includes(type)
      const client = entry ? await connect(sfu) : seated
      expect([type, data, await client.refusal(type, data)]).toEqual([type, data, 'VALIDATION'])
      if (entry) client.socket.close()
    }
  })
})

describe('what belongs to somebody else', () => {
  test('is NOT_FOUND, as if it were not there', async () => {
    const call = await putCall(sfu)
    const ann = await join(sfu, call)
    const { producerId } = await ann.request('produce', camera(ann.joined.sendTransport.id))
    const bob = await join(sfu, call)
    const eve = await join(sfu, call)
    const bobs = bob.joined.consumers[0]?.id ?? ''
    const attempts: [string, unknown][] = [
      ['connectTransport', { transportId: ann.joined.recvTransport.id, dtlsParameters }],
      ['restartIce', { transportId: ann.joined.sendTransport.id }],
      ['produce', microphone(ann.joined.sendTransport.id)],
      ['produce', microphone(eve.joined.recvTransport.id)],
      ['pauseProducer', { producerId }],
      ['resumeProducer', { producerId }],
      ['closeProducer', { producerId }],
      ['resumeConsumers', { consumerIds: [bobs] }],
      ['pauseConsumer', { consumerId: bobs }],
      ['setPreferredLayers', { consumerId: bobs, spatialLayer: 0 }],
    ]
    for (const [type, data] of attempts) {
      expect([type, await eve.refusal(type, data)]).toEqual([type, 'NOT_FOUND'])
    }
    await bob.request('resumeConsumers', { consumerIds: [bobs] })
    await ann.request('pauseProducer', { producerId })
  })
})

describe('media that mediasoup does not take', () => {
  let client: JoinedClient
  beforeAll(async () => {
    client = await join(sfu, await putCall(sfu))
  })

  const offer = camera(id)
  const [vp8] = offer.rtpParameters.codecs
  const parameters: [string, unknown][] = [
    ['an unknown codec', { codecs: [{ ...vp8, mimeType: 'video/AV1' }] }],
    ['a codec of the other kind', { codecs: [{ ...vp8, mimeType: 'audio/opus' }] }],
    ['a codec without a kind', { codecs: [{ ...vp8, mimeType: 'VP8' }] }],
    ['one payload type for two', { codecs: [vp8, vp8] }],
    [
      'rtx for nothing',
      { codecs: [vp8, { ...vp8, mimeType: 'video/rtx', parameters: { apt: 5 } }] },
    ],
    ['no encodings', { encodings: [] }],
    ['one stream number for two', { encodings: [{ ssrc: 5 }, { ssrc: 5 }] }],
    ['encodings without numbers', { encodings: [{}, {}] }],
    ['an unheard-of scalability', { encodings: [{ ssrc: 5, scalabilityMode: 'L999T999' }] }],
    ['an unheard-of payload type', { encodings: [{ ssrc: 5, codecPayloadType: 3 }] }],
    ['an extension twice', { headerExtensions: [mid(1), mid(1)] }],
    ['an unknown extension', { headerExtensions: [{ uri: 'urn:x', id: 1 }] }],
  ]
  for (const [name, change] of parameters) {
    test(`${name}: refused or taken, and the room lives on`, async () => {
      const transportId = client.joined.sendTransport.id
      const rtpParameters = { ...camera(id).rtpParameters, ...Object(change) }
      const { code, data } = await client.ask('produce', { ...offer, transportId, rtpParameters })
      expect([undefined, 'UNSUPPORTED_MEDIA']).toContain(code)
      if (code === undefined) await client.request('closeProducer', data)
    })
  }

  test('DTLS twice, or with parameters that make no sense: VALIDATION', async () => {
    const peer = await join(sfu, await putCall(sfu))
    const transportId = peer.joined.sendTransport.id
    const connectData = { transportId, dtlsParameters }
    await peer.request('connectTransport', connectData)
    expect(await peer.refusal('connectTransport', connectData)).toBe('VALIDATION')
    await peer.request('restartIce', { transportId })
  })

  function mid(extensionId: number) {
    return { uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', id: extensionId }
  }
})

test('a client that can decode nothing gets nothing, and is in', async () => {
  const call = await putCall(sfu)
  const ann = await join(sfu, call)
  await ann.request('produce', microphone(ann.joined.sendTransport.id))
  const client = await connect(sfu)
  const rtpCapabilities = { codecs: [] }
  const joined = await client.request('join', { token: signToken(sfu, call), rtpCapabilities })
  expect(joined.consumers).toEqual([])
})
