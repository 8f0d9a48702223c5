import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Recording, readIvf } from './ivf.ts'

export type Recordings = {
  speech: Recording
  /** The same picture in the three sizes of the client's simulcast, smallest first. */
  pictures: [Recording, Recording, Recording]
}

/** Read what `record.ts` has made. */
export function loadRecordings(): Recordings {
  const read = (name: string) =>
    readIvf(readFileSync(join(import.meta.dirname, '..', '..', 'media', name)))
  return {
    speech: read('speech.ivf'),
    pictures: [read('video-180.ivf'), read('video-360.ivf'), read('video-720.ivf')],
  }
}
