import { cameraEncodings } from '@beseda/client/calls/encodings'
import { provideWorker } from '@beseda/launcher/worker/provide'
import { createWorker, type types as sfu } from 'mediasoup'
import type { types } from 'mediasoup-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Engine } from '../engine.ts'
import type { Network } from './impairment.ts'
import { makeLightEngine } from './light.ts'

let worker: sfu.Worker
let router: sfu.Router
let engine: Engine
let device: types.Device
let send: types.Transport
let recv: types.Transport
let sendThere: sfu.WebRtcTransport
let recvThere: sfu.WebRtcTransport

/** A ceiling for a busy machine. */
const patience = { timeout: 15_000 }

beforeAll(async () => {
  engine = makeLightEngine()
  const { path } = await provideWorker({ env: process.env })
  worker = await createWorker({ workerBin: path })
  router = await worker.createRouter({
    mediaCodecs: [
      {
        kind: 'audio',
        mimeType: 'audio/opus',
        clockRate: 48_000,
        channels: 2,
        rtcpFeedback: [{ type: 'nack' }],
      },
      { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000 },
      {
        kind: 'video',
        mimeType: 'video/H264',
        clockRate: 90_000,
        parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f' },
      },
    ],
  })
  device = await engine.createDevice({ codec: 'vp8', network: null })
  await device.load({ routerRtpCapabilities: router.rtpCapabilities as types.RtpCapabilities })
  ;[sendThere, recvThere] = [await openTransport(), await openTransport()]
  send = connecting(device.createSendTransport(optionsOf(sendThere)), sendThere)
  recv = connecting(device.createRecvTransport(optionsOf(recvThere)), recvThere)
})

afterAll(() => {
  send.close()
  recv.close()
  engine.close()
  worker.close()
})

function connecting(here: types.Transport, there: sfu.WebRtcTransport): types.Transport {
  here.on('connect', ({ dtlsParameters }, resolve, reject) =>
    there.connect({ dtlsParameters }).then(resolve, reject),
  )
  return here
}

const openTransport = () =>
  router.createWebRtcTransport({
    listenInfos: [{ protocol: 'udp', ip: '127.0.0.1' }],
    initialAvailableOutgoingBitrate: 5_000_000,
  })

const optionsOf = (there: sfu.WebRtcTransport) =>
  ({
    id: there.id,
    iceParameters: there.iceParameters,
    iceCandidates: there.iceCandidates,
    dtlsParameters: there.dtlsParameters,
    iceServers: [],
  }) as types.TransportOptions

async function publish(
  track: MediaStreamTrack,
  encodings?: types.RtpEncodingParameters[],
  by = { send, sendThere },
) {
  const made = new Promise<sfu.Producer>((resolve) => {
    by.send.once('produce', ({ kind, rtpParameters }, done, fail) => {
      by.sendThere
        .produce({ kind, rtpParameters: rtpParameters as sfu.RtpParameters })
        .then((one) => {
          resolve(one)
          done({ id: one.id })
        }, fail)
    })
  })
  const producer = await by.send.produce({ track, ...(encodings && { encodings }) })
  return { producer, there: await made }
}

async function receive(producer: sfu.Producer, by = { recv, recvThere }) {
  const there = await by.recvThere.consume({
    producerId: producer.id,
    rtpCapabilities: device.recvRtpCapabilities as sfu.RtpCapabilities,
    enableRtx: true,
  })
  const { id, kind, rtpParameters } = there
  const here = await by.recv.consume({
    id,
    producerId: producer.id,
    kind,
    rtpParameters: rtpParameters as types.RtpParameters,
  })
  return { there, counter: engine.count(here.track) }
}

/** A way to receive over a bad network. */
async function openBadly(network: Network) {
  const bad = await engine.createDevice({ codec: 'vp8', network })
  await bad.load({ routerRtpCapabilities: router.rtpCapabilities as types.RtpCapabilities })
  const there = await openTransport()
  return { recv: connecting(bad.createRecvTransport(optionsOf(there)), there), recvThere: there }
}

test('sound goes through an SFU whole and in time, and is as loud as it says', async () => {
  const levels = await router.createAudioLevelObserver({ interval: 250 })
  const sending = engine.open('microphone', { simulcast: false, codec: 'vp8' })
  const { there: producer } = await publish(sending.track)
  await levels.addProducer({ producerId: producer.id })
  const { counter } = await receive(producer)
  const heard: number[] = []
  levels.on('volumes', ([loudest]) => heard.push(loudest?.volume ?? 0))
  sending.setTalking(true)
  // The first of them may have silence in it as well.
  await expect.poll(() => heard, patience).toContain(-20)
  await expect.poll(() => counter.counts().packets).toBeGreaterThan(40)
  expect(counter.counts()).toMatchObject({ lost: 0, keyFrames: 0 })
  sending.close()
})

test('who loses packets on a bad network asks again, for sound as for pictures', async () => {
  const bad = await openBadly({ lossPercent: 10, delayMs: 10, kbps: null })
  for (const source of ['microphone', 'screen'] as const) {
    const sending = engine.open(source, { simulcast: false, codec: 'vp8' })
    sending.setTalking(true)
    const { there: producer } = await publish(sending.track)
    const { counter } = await receive(producer, bad)
    await expect.poll(() => counter.counts().repaired, { timeout: 15_000 }).toBeGreaterThan(10)
    sending.close()
    // Those of the last moment may be on their way still, one or the other was lost four times.
    const { lost, repaired } = counter.counts()
    expect(lost).toBeLessThan(repaired / 3)
  }
  bad.recv.close()
})

test('a picture of which too much is lost to be shown is asked for anew', async () => {
  const bad = await openBadly({ lossPercent: 40, delayMs: 0, kbps: null })
  const sending = engine.open('screen', { simulcast: false, codec: 'vp8' })
  const { there: producer } = await publish(sending.track)
  const { there } = await receive(producer, bad)
  const asked = async () =>
    (await there.getStats()).reduce((sum, { pliCount = 0 }) => sum + pliCount, 0)
  await expect.poll(asked, { timeout: 15_000 }).toBeGreaterThan(0)
  sending.close()
  bad.recv.close()
})

test('the SFU switches between the layers of a camera, and a layer turned off is not sent', async () => {
  const sending = engine.open('camera', { simulcast: true, codec: 'vp8' })
  const { producer, there } = await publish(sending.track, cameraEncodings)
  const { there: consumer, counter } = await receive(there)
  const width = () => counter.counts().width
  await expect.poll(width).toBe(1280)
  await consumer.setPreferredLayers({ spatialLayer: 0 })
  await expect.poll(width).toBe(320)
  await consumer.setPreferredLayers({ spatialLayer: 1 })
  await expect.poll(width).toBe(640)
  const { keyFrames, switches } = counter.counts()
  expect(switches).toBeGreaterThanOrEqual(2)
  await consumer.requestKeyFrame()
  await expect.poll(() => counter.counts().keyFrames).toBeGreaterThan(keyFrames)

  const parameters = producer.rtpSender?.getParameters()
  for (const encoding of parameters?.encodings ?? []) encoding.active = encoding.rid === 'r0'
  if (parameters) await producer.rtpSender?.setParameters(parameters)
  await expect.poll(width).toBe(320)
  sending.close()
})

test('to the SFU sound and pictures of one bot are one row of packets, of which none is missing', async () => {
  const sound = engine.open('microphone', { simulcast: false, codec: 'vp8' })
  const picture = engine.open('camera', { simulcast: false, codec: 'vp8' })
  await publish(picture.track)
  const { counter } = await receive((await publish(sound.track)).there)
  sound.setTalking(true)
  await expect.poll(() => counter.counts().packets, patience).toBeGreaterThan(60)
  // A busy machine may lose a few; the sound is most of the packets.
  const lost = async () => (await sendThere.getStats())[0]?.rtpPacketLossReceived
  await expect.poll(lost, patience).toBeLessThan(0.1)
  sound.close()
  picture.close()
})

test('a camera of one size and a screen come in full', async () => {
  for (const source of ['camera', 'screen'] as const) {
    const sending = engine.open(source, { simulcast: false, codec: 'vp8' })
    const encodings = source === 'camera' ? cameraEncodings : undefined
    const { there: producer } = await publish(sending.track, encodings)
    const { counter } = await receive(producer)
    await expect.poll(() => counter.counts().width).toBe(1280)
    sending.close()
  }
})

test('a camera in H.264 goes through in all its sizes, and whole', async () => {
  const other = await engine.createDevice({ codec: 'h264', network: null })
  await other.load({ routerRtpCapabilities: router.rtpCapabilities as types.RtpCapabilities })
  const there = await openTransport()
  const own = connecting(other.createSendTransport(optionsOf(there)), there)
  const sending = engine.open('camera', { simulcast: true, codec: 'h264' })
  const published = await publish(sending.track, cameraEncodings, { send: own, sendThere: there })
  expect(published.there.rtpParameters.codecs[0]?.mimeType).toBe('video/H264')
  const { there: consumer, counter } = await receive(published.there)
  await expect.poll(() => counter.counts().width).toBe(1280)
  await consumer.setPreferredLayers({ spatialLayer: 0 })
  await expect.poll(() => counter.counts().width).toBe(320)
  const { frames } = counter.counts()
  await expect.poll(() => counter.counts().frames).toBeGreaterThan(frames + 5)
  sending.close()
  own.close()
})
