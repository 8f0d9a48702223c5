import type { Source } from '@beseda/protocol/media'
import type { types } from 'mediasoup-client'
import type { Counter } from './counter.ts'
import type { Network } from './engines/impairment.ts'
import type { Codec } from './media/recordings.ts'

/** Something that is sent in real time. */
export type Sending = {
  track: MediaStreamTrack
  /** Sound or silence; pictures always go on. */
  setTalking(talking: boolean): void
  close(): void
}

/** How bots do WebRTC: what makes their media and counts the others'. */
export type Engine = {
  /** A device of mediasoup-client that sends pictures in one codec, over a bad network where one is given. */
  createDevice(options: { codec: Codec; network: Network | null }): Promise<types.Device>
  /** Start to send a recording; nothing goes out until the track is published. */
  open(source: Source, options: { simulcast: boolean; codec: Codec }): Sending
  /** Count what arrives on a remote track; the answer to it stops with the track. */
  count(track: MediaStreamTrack): Counter
  close(): void
}
