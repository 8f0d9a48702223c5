import { randomInt } from 'node:crypto'
import { RtcpSenderInfo, RtcpSrPacket, RtpHeader } from 'werift'
import { packetizeH264 } from '../media/h264.ts'
import type { Recording } from '../media/ivf.ts'
import { packetize } from '../media/vp8.ts'
import { type Wire, writeExtensions } from './wire.ts'

/** Packets kept for whoever asks for them again. */
const keptPackets = 512
/** Chromium answers no second request for a key frame within this time either. */
const keyFramePauseMs = 300
const reportEveryMs = 1_000
/** Opus with DTX says so often that it is still silent. */
const silenceEveryMs = 400
/** Loudness in -dBov (RFC 6464): of a voice, and of nobody's. */
const levels = { voice: 20, silence: 127 }

/** What goes out under one SSRC: a recording, round and round. */
export type Stream = {
  ssrc(): number | undefined
  /** Send the next frame, if anything is wanted of this stream. */
  sendFrame(now: number): void
  setTalking(talking: boolean): void
  /** A key frame was asked for. */
  restart(now: number): void
  /** Packets were asked for again. */
  repeat(sequenceNumbers: number[]): void
}

type StreamOptions = {
  recording: Recording
  /** Of a simulcast layer; null for a track with one size. */
  rid: string | null
  wire(): Wire | null
}

/** Make a stream of a recording that begins with a key frame: wherever it begins anew, it can be decoded. */
export function makeStream({ recording, rid, wire }: StreamOptions): Stream {
  const isPicture = recording.codec !== 'OPUS'
  const ticksPerMs = isPicture ? 90 : 48
  const ownSsrc = rid === null ? null : randomInt(1, 2 ** 32 - 1)
  const kept: { header: RtpHeader; payload: Buffer; level: number | null }[] = []
  let sequenceNumber = randomInt(0x10000)
  let pictureId = randomInt(0x8000)
  let talking = isPicture
  let spurtBegins = true
  let sentAt = Number.NEGATIVE_INFINITY
  let askedAt = Number.NEGATIVE_INFINITY
  let reportedAt = Number.NEGATIVE_INFINITY
  let next = 0
  let packets = 0
  let octets = 0

  function payloadsOf(frame: Buffer): Buffer[] {
    if (recording.codec === 'VP80') return packetize(frame, ++pictureId)
    return recording.codec === 'H264' ? packetizeH264(frame) : [frame]
  }

  function send(to: Wire, now: number, frame: Buffer) {
    const payloads = payloadsOf(frame)
    const ssrc = ownSsrc ?? to.ssrc
    const timestamp = Math.round(now * ticksPerMs) >>> 0
    const loudness = talking ? levels.voice : levels.silence
    const level = isPicture ? null : loudness
    for (const [index, payload] of payloads.entries()) {
      sequenceNumber = (sequenceNumber + 1) & 0xffff
      const marker = isPicture ? index === payloads.length - 1 : spurtBegins
      const { payloadType } = to
      const header = new RtpHeader({ ssrc, sequenceNumber, timestamp, payloadType, marker })
      writeExtensions(header, to, { rid, level })
      kept[sequenceNumber % keptPackets] = { header, payload, level }
      to.transport.sendRtp(payload, header)
      packets++
      octets += payload.length
    }
    spurtBegins = !talking
    sentAt = now
    report(to, ssrc, now, timestamp)
  }

  function report(to: Wire, ssrc: number, now: number, rtpTimestamp: number) {
    if (now - reportedAt < reportEveryMs) return
    reportedAt = now
    // Without these the SFU can't line layers up, and switches between none.
    const senderInfo = new RtcpSenderInfo({
      ntpTimestamp: ntpTime(),
      rtpTimestamp,
      packetCount: packets >>> 0,
      octetCount: octets >>> 0,
    })
    to.transport.sendRtcp([new RtcpSrPacket({ ssrc, senderInfo })])
  }

  return {
    ssrc: () => ownSsrc ?? wire()?.ssrc,
    sendFrame(now) {
      const to = wire()
      if (!to || (rid !== null && !to.isActive(rid))) {
        next = 0
        return
      }
      if (!talking && now - sentAt < silenceEveryMs) return
      const place = next++ % recording.frames.length
      const frame = recording.frames[place]
      if (frame) send(to, now, frame)
    },
    setTalking(next) {
      if (isPicture || next === talking) return
      talking = next
      spurtBegins = next
    },
    restart(now) {
      if (now - askedAt < keyFramePauseMs) return
      askedAt = now
      next = 0
    },
    repeat(sequenceNumbers) {
      const to = wire()
      if (!to) return
      // Those after 65,535 come as 65,536 and so on where they were asked for with ones before.
      for (const one of sequenceNumbers.map((number) => number & 0xffff)) {
        const packet = kept[one % keptPackets]
        if (packet?.header.sequenceNumber !== one) continue
        // With a new number for the estimate of bandwidth: the old one would tell of a late packet,
        // and all that came since its feedback would count as lost.
        writeExtensions(packet.header, to, { rid, level: packet.level })
        to.transport.sendRtp(packet.payload, packet.header)
      }
    },
  }
}

/** The time of day as NTP writes it: seconds since 1900, and 2^-32 parts of one. */
function ntpTime(): bigint {
  const ms = performance.timeOrigin + performance.now()
  const seconds = Math.floor(ms / 1000)
  const part = Math.floor((ms / 1000 - seconds) * 2 ** 32)
  return (BigInt(seconds + 2_208_988_800) << 32n) | BigInt(part)
}
