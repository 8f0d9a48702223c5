import { type UpFrame, upFrameSchema } from '@beseda/protocol/events'
import type { RawData } from 'ws'

/** Read a frame that a client sent; undefined when it is none of ours. */
export function parseUpFrame(data: RawData, isBinary: boolean): UpFrame | undefined {
  if (isBinary) return undefined
  try {
    return upFrameSchema.safeParse(JSON.parse(data.toString())).data
  } catch {
    return undefined
  }
}
