import { createWorker } from 'mediasoup'
import { expect, test } from 'vitest'
import { loadsNss, workerRuns } from './check.ts'
import { provideWorker } from './provide.ts'

// The tests' own worker, from the global setup.
const path = process.env.MEDIASOUP_WORKER_BIN ?? ''

test('the worker in use runs', async () => {
  expect(await workerRuns(path)).toBe(true)
})

test('its SRTP is on OpenSSL, or there is a warning', async () => {
  const { warning } = await provideWorker({ env: { MEDIASOUP_WORKER_BIN: path } })
  expect(warning !== undefined).toBe(await loadsNss(path))
})

test('mediasoup works with it', async () => {
  const worker = await createWorker({ logLevel: 'warn' })
  const router = await worker.createRouter({
    mediaCodecs: [{ kind: 'audio', mimeType: 'audio/opus', clockRate: 48000, channels: 2 }],
  })
  const listenInfos = (['udp', 'tcp'] as const).map((protocol) => ({ protocol, ip: '127.0.0.1' }))
  const webRtcServer = await worker.createWebRtcServer({ listenInfos })
  const transport = await router.createWebRtcTransport({ webRtcServer })
  expect(transport.iceCandidates.length).toBeGreaterThan(0)
  worker.close()
})

test.each([
  'AEAD_AES_256_GCM',
  'AEAD_AES_128_GCM',
  'AES_CM_128_HMAC_SHA1_80',
  'AES_CM_128_HMAC_SHA1_32',
] as const)('a packet survives the way over SRTP with %s', async (srtpCryptoSuite) => {
  const worker = await createWorker({ logLevel: 'warn' })
  const mediaCodecs = [
    { kind: 'audio', mimeType: 'audio/opus', clockRate: 48000, channels: 2 },
  ] as const
  const here = await worker.createRouter({ mediaCodecs: [...mediaCodecs] })
  const there = await worker.createRouter({ mediaCodecs: [...mediaCodecs] })
  const options = {
    listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
    rtcpMux: true,
    enableSrtp: true,
    srtpCryptoSuite,
  } as const
  const sending = await here.createPlainTransport(options)
  const receiving = await there.createPlainTransport(options)
  const address = (transport: typeof sending) => ({
    ip: '127.0.0.1',
    port: transport.tuple.localPort,
    ...(transport.srtpParameters ? { srtpParameters: transport.srtpParameters } : {}),
  })
  await sending.connect(address(receiving))
  await receiving.connect(address(sending))

  const source = await here.createDirectTransport()
  const codecs = [{ mimeType: 'audio/opus', clockRate: 48000, channels: 2, payloadType: 111 }]
  const produced = await source.produce({
    kind: 'audio',
    rtpParameters: { codecs, encodings: [{ ssrc: 1111 }] },
  })
  const { rtpParameters } = await sending.consume({
    producerId: produced.id,
    rtpCapabilities: here.rtpCapabilities,
  })
  const arrived = await receiving.produce({ kind: 'audio', rtpParameters })
  const sink = await there.createDirectTransport()
  const consumer = await sink.consume({
    producerId: arrived.id,
    rtpCapabilities: there.rtpCapabilities,
  })
  const heard = new Promise<Buffer>((resolve) => consumer.on('rtp', resolve))
  produced.send(rtpPacket('hello over SRTP'))
  expect((await heard).toString('latin1')).toContain('hello over SRTP')
  worker.close()
})

function rtpPacket(payload: string): Buffer {
  const header = Buffer.alloc(12)
  header[0] = 0x80
  header[1] = 111
  header.writeUInt16BE(1, 2)
  header.writeUInt32BE(960, 4)
  header.writeUInt32BE(1111, 8)
  return Buffer.concat([header, Buffer.from(payload)])
}
