import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Recording, readIvf } from './ivf.ts'

/** Codecs of pictures that bots can send. */
export type Codec = 'vp8' | 'h264'

export type Recordings = {
  speech: Recording
  /** The same picture in the three sizes of the client's simulcast, smallest first. */
  pictures: Record<Codec, [Recording, Recording, Recording]>
}

/** Read what `record.ts` has made. */
export function loadRecordings(): Recordings {
  const read = (name: string) =>
    readIvf(readFileSync(join(import.meta.dirname, '..', '..', 'media', name)))
  const sizes = (ending: string): [Recording, Recording, Recording] => [
    read(`video-180${ending}`),
    read(`video-360${ending}`),
    read(`video-720${ending}`),
  ]
  return { speech: read('speech.ivf'), pictures: { vp8: sizes('.ivf'), h264: sizes('-h264.ivf') } }
}
