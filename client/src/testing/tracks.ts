import { RtpHeader, RtpPacket } from 'werift'
import { makeTrack } from './werift.ts'

/** A track of made-up packets; `start` sends them at their pace until the answer is called. */
export type TestTrack = { track: MediaStreamTrack; start(): () => void }

type Pace = { intervalMs: number; packets: number; ticks: number }

/** 1,200-byte video, some 150 packets a second, every one a key frame. */
export function makeVideo(): TestTrack {
  return paced('video', vp8KeyFrame(1_200), { intervalMs: 20, packets: 3, ticks: 600 })
}

/** A packet that begins a key frame of VP8 (RFC 7741), and nothing that could be decoded. */
export function vp8KeyFrame(bytes: number): Buffer {
  const payload = Buffer.alloc(bytes, 7)
  const descriptor = [0x10]
  const keyFrame = [0x10, 0x00, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01]
  Buffer.from([...descriptor, ...keyFrame]).copy(payload)
  return payload
}

/** 160-byte audio, 50 packets a second. */
export function makeSpeech(): TestTrack {
  return paced('audio', Buffer.alloc(160, 7), { intervalMs: 20, packets: 1, ticks: 960 })
}

function paced(kind: 'audio' | 'video', payload: Buffer, pace: Pace): TestTrack {
  const { track, write } = makeTrack(kind)
  let sequenceNumber = 0
  let timestamp = 0
  const tick = () => {
    for (let packet = 0; packet < pace.packets; packet++) {
      sequenceNumber = (sequenceNumber + 1) & 0xffff
      timestamp = (timestamp + pace.ticks) >>> 0
      // Payload type and SSRC are set by the sender that the track is given to.
      write(new RtpPacket(new RtpHeader({ sequenceNumber, timestamp, marker: true }), payload))
    }
  }
  return {
    track,
    start() {
      const timer = setInterval(tick, pace.intervalMs)
      return () => clearInterval(timer)
    },
  }
}
