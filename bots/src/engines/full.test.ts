import { cameraEncodings } from '@beseda/client/calls/encodings'
import { expect, test } from 'vitest'
import { startRouter } from '../testing/router.ts'
import { makeDecodedCounter } from './decoded.ts'
import { makeFullEngine } from './full.ts'

test('libwebrtc encodes, and decodes what came through an SFU', async () => {
  const engine = await makeFullEngine()
  const sfu = await startRouter(await engine.createDevice({ codec: 'vp8', network: null }))
  const camera = engine.open('camera', { simulcast: true, codec: 'vp8' })
  const microphone = engine.open('microphone', { simulcast: false, codec: 'vp8' })
  try {
    microphone.setTalking(true)
    const seen = await sfu.receive(await sfu.publish(camera.track, cameraEncodings))
    const heard = await sfu.receive(await sfu.publish(microphone.track))
    const [picture, sound] = [engine.count(seen), engine.count(heard)]
    await expect.poll(() => picture.counts().frames).toBeGreaterThan(20)
    await expect.poll(() => picture.counts().keyFrames).toBeGreaterThan(0)
    expect([320, 640, 1280]).toContain(picture.counts().width)
    await expect.poll(() => sound.counts().packets).toBeGreaterThan(40)
    expect(sound.counts().bytes).toBeGreaterThan(1_000)
    picture.interrupt(performance.now())
    expect(picture.counts().watchedMs).toBeGreaterThan(0)
  } finally {
    camera.close()
    microphone.close()
    sfu.close()
    engine.close()
  }
})

test('sound that the decoder made up is a hole, silence is none', () => {
  const counter = makeDecodedCounter('audio')
  const inbound = (
    packetsReceived: number,
    concealedSamples: number,
    silentConcealedSamples = 0,
  ) => ({
    type: 'inbound-rtp',
    packetsReceived,
    concealedSamples,
    silentConcealedSamples,
  })
  counter.take(0, inbound(0, 960))
  counter.take(100, inbound(5, 960))
  expect(counter.counts()).toMatchObject({ firstAt: 100, longestGapMs: 0 })
  counter.take(200, inbound(6, 2_880))
  counter.take(300, inbound(7, 5_760))
  counter.take(400, inbound(12, 5_760))
  expect(counter.counts().longestGapMs).toBe(100)
  counter.take(500, inbound(13, 9_600, 3_840))
  expect(counter.counts().longestGapMs).toBe(100)
})

test('sound that does not come any more is a hole until the track ends', () => {
  const counter = makeDecodedCounter('audio')
  counter.take(100, { type: 'inbound-rtp', packetsReceived: 5 })
  counter.take(300, { type: 'inbound-rtp', packetsReceived: 5 })
  expect(counter.counts().longestGapMs).toBe(0)
  counter.interrupt(2_500)
  expect(counter.counts().longestGapMs).toBe(2_000)
  counter.take(9_000, { type: 'inbound-rtp', packetsReceived: 5 })
  expect(counter.counts().longestGapMs).toBe(2_000)
})
