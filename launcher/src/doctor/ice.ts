import { randomBytes } from 'node:crypto'
import type { TransportOptions } from '@beseda/protocol/media'
import { ask, iceFraming } from './ask.ts'
import {
  type Attribute,
  attribute,
  encodeSigned,
  methods,
  success,
  transactionId,
  uint32,
  withFingerprint,
} from './stun.ts'
import { openWire } from './wire.ts'

type Candidate = TransportOptions['iceCandidates'][number]

/** One way to the media port of a worker, and whether it goes through. */
export type Way = Pick<Candidate, 'address' | 'port' | 'protocol'> & { answers: boolean }

/** A check of ICE (RFC 8445, 7.2.2), as a browser would send it, and what its answer is known by. */
export function makeCheck({ iceParameters }: Pick<TransportOptions, 'iceParameters'>) {
  const id = transactionId()
  const attributes: Attribute[] = [
    [attribute.username, Buffer.from(`${iceParameters.usernameFragment}:doctor`)],
    [attribute.priority, uint32(1)],
    [attribute.iceControlling, randomBytes(8)],
  ]
  const signed = encodeSigned(methods.binding, id, attributes, iceParameters.password)
  const message = withFingerprint(signed)
  return { message, id: id.toString('hex') }
}

/** Knock at every candidate of a transport. */
export function tryWays(transport: TransportOptions, timeoutMs: number): Promise<Way[]> {
  return Promise.all(
    transport.iceCandidates.map(async (candidate) => {
      const { address, port, protocol } = candidate
      return { address, port, protocol, answers: await answers(transport, candidate, timeoutMs) }
    }),
  )
}

async function answers(transport: TransportOptions, candidate: Candidate, timeoutMs: number) {
  const { address: host, port, protocol: kind } = candidate
  const options = { kind, host, port, framing: iceFraming, timeoutMs }
  const wire = await openWire(options).catch(() => undefined)
  if (!wire) return false
  const { message, id } = makeCheck(transport)
  const isOurs = (answer: { type: number; id: string }) =>
    answer.id === id && answer.type === (methods.binding | success) ? true : undefined
  return (await ask(wire, message, isOurs, timeoutMs).finally(wire.close)) ?? false
}
