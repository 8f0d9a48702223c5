import {
  type ParsedRequestData,
  type ReplyData,
  type RequestType,
  requests,
} from '@beseda/protocol/signalling'
import { Refusal } from '../refusal.ts'
import type { Peer } from '../rooms/peer.ts'
import type { Room } from '../rooms/room.ts'

/** Who speaks through a socket that has joined. */
export type Seat = { room: Room; peer: Peer }

/** The requests that give a socket its seat. */
export type EntryType = 'join' | 'resume'
type SeatedType = Exclude<RequestType, EntryType | 'probe'>

type Handler<Type extends RequestType> = (
  seat: Seat,
  data: ParsedRequestData<Type>,
) => ReplyData<Type> | Promise<ReplyData<Type>>

const handlers: { [Type in SeatedType]: Handler<Type> } = {
  async connectTransport({ peer }, { transportId, dtlsParameters }) {
    await peer.connect(transportId, dtlsParameters)
    return {}
  },
  async restartIce({ peer }, { transportId }) {
    return { iceParameters: await peer.restartIce(transportId) }
  },
  async produce({ room, peer }, data) {
    const producer = await peer.published.open(data)
    room.announce(peer, producer)
    return { producerId: producer.id }
  },
  async pauseProducer({ peer }, { producerId }) {
    await peer.published.pause(producerId)
    return {}
  },
  async resumeProducer({ peer }, { producerId }) {
    await peer.published.resume(producerId)
    return {}
  },
  closeProducer({ peer }, { producerId }) {
    peer.published.close(producerId)
    return {}
  },
  async resumeConsumers({ peer }, { consumerIds }) {
    await peer.subscribed.resume(consumerIds)
    return {}
  },
  async pauseConsumer({ peer }, { consumerId }) {
    await peer.subscribed.pause(consumerId)
    return {}
  },
  async setPreferredLayers({ peer }, data) {
    await peer.subscribed.prefer(data)
    return {}
  },
  raiseHand({ room, peer }, { raised }) {
    room.raiseHand(peer, raised)
    return {}
  },
  stay({ room }) {
    room.stay()
    return {}
  },
  // The reply goes first; the socket then closes the peer.
  leave: () => ({}),
}

/** @throws Refusal VALIDATION naming what does not fit */
export function parseData<Type extends RequestType>(
  type: Type,
  data: unknown,
): ParsedRequestData<Type> {
  const parsed = requests[type].data.safeParse(data ?? {})
  if (parsed.success) return parsed.data as ParsedRequestData<Type>
  const issues = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new Refusal('VALIDATION', issues.join('; ').slice(0, 500))
}

/** Do what a socket with a seat asks for, and answer the reply's data. */
export async function answer<Type extends SeatedType>(
  seat: Seat,
  type: Type,
  data: unknown,
): Promise<ReplyData<Type>> {
  const handle: Handler<Type> = handlers[type]
  return handle(seat, parseData(type, data))
}
