import { afterAll, beforeAll, expect, test } from 'vitest'
import { RtpHeader, RtpPacket } from 'werift'
import type { Sfu } from '../build.ts'
import { putCall } from '../testing/calls.ts'
import { join } from '../testing/client.ts'
import { startTestSfu } from '../testing/node.ts'

let sfu: Sfu
beforeAll(async () => {
  sfu = await startTestSfu()
})
afterAll(() => sfu.close())

const levelUri = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level'

test('who is heard is told to all, and silence once', async () => {
  const call = await putCall(sfu)
  const ann = await join(sfu, call)
  const bob = await join(sfu, call)
  const stop = await speak(call.callId, ann.userId, 20)
  for (const client of [ann, bob]) {
    const { speakers } = await client.notice('speakers', (notice) => notice.speakers.length > 0)
    expect(speakers).toEqual([{ userId: ann.userId, volume: expect.closeTo(-20, -1) }])
  }
  stop()
  await bob.notice('speakers', (notice) => notice.speakers.length === 0)
  await new Promise((resolve) => setTimeout(resolve, 700))
  const quiet = bob.notices.filter(
    (notice) => notice.type === 'speakers' && notice.speakers.length === 0,
  )
  expect(quiet).toHaveLength(1)
})

test('below the threshold nobody is heard', async () => {
  const call = await putCall(sfu)
  const ann = await join(sfu, call)
  const stop = await speak(call.callId, ann.userId, 80)
  await new Promise((resolve) => setTimeout(resolve, 700))
  stop()
  expect(ann.notices).toEqual([])
})

/** Speak as a user, `level` decibels below the loudest, without a network in between. */
async function speak(callId: string, userId: string, level: number): Promise<() => void> {
  const room = sfu.rooms.get(callId)
  if (room === undefined) throw new Error('no room')
  const { router, levels } = room.options.stage
  const transport = await router.createDirectTransport()
  const producer = await transport.produce({
    kind: 'audio',
    rtpParameters: {
      codecs: [{ mimeType: 'audio/opus', payloadType: 111, clockRate: 48_000, channels: 2 }],
      headerExtensions: [{ uri: levelUri, id: 1 }],
      encodings: [{ ssrc: 7 }],
    },
    appData: { userId, source: 'microphone' },
  })
  await levels.addProducer({ producerId: producer.id })
  let sequenceNumber = 0
  const timer = setInterval(() => {
    sequenceNumber++
    producer.send(packet(sequenceNumber, level))
  }, 20)
  return () => clearInterval(timer)
}

function packet(sequenceNumber: number, level: number): Buffer {
  const header = new RtpHeader({
    payloadType: 111,
    ssrc: 7,
    sequenceNumber,
    timestamp: sequenceNumber * 960,
    extension: true,
    extensionProfile: 0xbede,
    extensions: [{ id: 1, payload: Buffer.from([0x80 | level]) }],
  })
  return new RtpPacket(header, Buffer.alloc(80, 1)).serialize()
}
