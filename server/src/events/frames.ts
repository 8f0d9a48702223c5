import { type UpFrame, upFrameSchema } from '@beseda/protocol/events'
import type { RawData } from 'ws'

/**
 * A text as it goes down a WebSocket: one unmasked frame (RFC 6455, 5.2), which
 * is the same for every socket and so made once.
 */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const start = length < 126 ? 2 : length < 0x1_0000 ? 4 : 10
  const frame = Buffer.allocUnsafe(start + length)
  frame[0] = 0x81
  if (start === 2) frame[1] = length
  else if (start === 4) {
    frame[1] = 126
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = 127
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
  frame.write(text, start)
  return frame
}

/** Read a frame that a client sent; undefined when it is none of ours. */
export function parseUpFrame(data: RawData, isBinary: boolean): UpFrame | undefined {
  if (isBinary) return undefined
  try {
    return upFrameSchema.safeParse(JSON.parse(data.toString())).data
  } catch {
    return undefined
  }
}
