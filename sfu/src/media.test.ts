import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Sfu } from './build.ts'
import { openMedia, receiveTrack, sendTrack } from './testing/browser.ts'
import { putCall } from './testing/calls.ts'
import { connect, join } from './testing/client.ts'
import { startTestSfu } from './testing/node.ts'

let sfu: Sfu
beforeAll(async () => {
  sfu = await startTestSfu()
})
afterAll(() => sfu.close())

/** A key frame of VP8 (RFC 7741), filled up. */
const keyFrame = Buffer.alloc(1_000, 7)
Buffer.from([0x10, 0x10, 0x00, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01]).copy(keyFrame)
const speech = Buffer.alloc(160, 9)

test('sound and picture of one arrive at the other, also after its socket dropped', async () => {
  const call = await putCall(sfu)
  const ann = await join(sfu, call)
  const annMedia = await openMedia(ann)
  const stops = [
    await sendTrack(annMedia, 'audio', speech),
    await sendTrack(annMedia, 'video', keyFrame),
  ]

  const bob = await join(sfu, call)
  const bobMedia = await openMedia(bob)
  const consumers = bob.joined.consumers
  expect(consumers.map((consumer) => consumer.source)).toEqual(['microphone', 'camera'])
  const received = await Promise.all(consumers.map((offer) => receiveTrack(bobMedia, offer)))
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(received.map((packets) => packets.length)).toEqual([0, 0])

  await bob.request('resumeConsumers', { consumerIds: consumers.map((consumer) => consumer.id) })
  await vi.waitFor(
    () => {
      for (const packets of received) expect(packets.length).toBeGreaterThan(20)
    },
    { timeout: 15_000 },
  )
  expect(received[0]?.[0]).toEqual(speech)
  expect(received[1]?.[0]).toEqual(keyFrame)

  bob.socket.terminate()
  const back = await connect(sfu)
  const { callId } = call
  const resumed = await back.request('resume', { callId, resumeKey: bob.joined.resumeKey })
  await bobMedia.recv.restartIce({ iceParameters: iceOf(resumed.recvIceParameters) })
  const before = received.map((packets) => packets.length)
  await vi.waitFor(
    () => {
      for (const [index, packets] of received.entries()) {
        expect(packets.length).toBeGreaterThan((before[index] ?? 0) + 20)
      }
    },
    { timeout: 15_000 },
  )

  for (const stop of stops) stop()
  for (const { send, recv } of [annMedia, bobMedia]) {
    send.close()
    recv.close()
  }
})

function iceOf({ usernameFragment, password }: { usernameFragment: string; password: string }) {
  return { usernameFragment, password, iceLite: true }
}
