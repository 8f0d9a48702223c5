import { decode, messageLength, type StunMessage, uint16 } from './stun.ts'
import type { Framing, Wire } from './wire.ts'

/** A question over UDP may be lost. */
const againMs = 300

/** STUN on a stream is told apart by its own length (RFC 8489, 6.2.2). */
export const stunFraming: Framing = {
  wrap: (message) => message,
  unwrap(bytes) {
    const length = messageLength(bytes)
    if (length === undefined || bytes.length < length) return undefined
    return { message: bytes.subarray(0, length), rest: bytes.subarray(length) }
  },
}

/** ICE on a stream has a length of its own before each message (RFC 4571). */
export const iceFraming: Framing = {
  wrap: (message) => Buffer.concat([uint16(message.length), message]),
  unwrap(bytes) {
    const length = bytes.length < 2 ? undefined : 2 + bytes.readUInt16BE(0)
    if (length === undefined || bytes.length < length) return undefined
    return { message: bytes.subarray(2, length), rest: bytes.subarray(length) }
  },
}

/**
 * Send a message, again and again, until one comes back that `pick` takes.
 *
 * @returns undefined when none has come in time
 */
export function ask<Answer>(
  wire: Wire,
  message: Buffer,
  pick: (answer: StunMessage) => Answer | undefined,
  timeoutMs: number,
): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const done = (answer: Answer | undefined) => {
      clearInterval(again)
      clearTimeout(late)
      resolve(answer)
    }
    const again = setInterval(() => wire.send(message), againMs)
    const late = setTimeout(() => done(undefined), timeoutMs)
    wire.onMessage((bytes) => {
      const answer = decode(bytes)
      const picked = answer && pick(answer)
      if (picked !== undefined) done(picked)
    })
    wire.send(message)
  })
}
