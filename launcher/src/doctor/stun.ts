import { createHash, createHmac, randomBytes } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { crc32 } from 'node:zlib'

/** As much of STUN (RFC 8489) and TURN (RFC 8656) as it takes to try doors. */

export const methods = {
  binding: 0x0001,
  allocate: 0x0003,
  send: 0x0016,
  data: 0x0017,
  createPermission: 0x0008,
} as const
export const success = 0x0100

export const attribute = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  peerAddress: 0x0012,
  data: 0x0013,
  realm: 0x0014,
  nonce: 0x0015,
  addressFamily: 0x0017,
  requestedTransport: 0x0019,
  priority: 0x0024,
  useCandidate: 0x0025,
  fingerprint: 0x8028,
  iceControlling: 0x802a,
} as const
const magicCookie = Buffer.from([0x21, 0x12, 0xa4, 0x42])
export const families = { ipv4: 1, ipv6: 2 } as const

export type Attribute = [type: number, value: Buffer]

export type TurnLogin = { username: string; credential: string }
/** What a relay wants its requests signed with. */
export type Challenge = { realm: Buffer; nonce: Buffer }

export type StunMessage = {
  type: number
  /** Which request it answers. */
  id: string
  attributes: Map<number, Buffer>
}

/** A new transaction. */
export const transactionId = (): Buffer => randomBytes(12)

export function encode(type: number, id: Buffer, attributes: Attribute[]): Buffer {
  const body = Buffer.concat(
    attributes.map(([attributeType, value]) =>
      Buffer.concat([
        uint16(attributeType),
        uint16(value.length),
        value,
        Buffer.alloc(padding(value.length)),
      ]),
    ),
  )
  return Buffer.concat([uint16(type), uint16(body.length), magicCookie, id, body])
}

/** A request with the proof that its sender knows `key`. */
export function encodeSigned(
  type: number,
  id: Buffer,
  attributes: Attribute[],
  key: Buffer | string,
): Buffer {
  // The length that is signed counts the signature in (RFC 8489, 14.5).
  const blank = encode(type, id, [...attributes, [attribute.messageIntegrity, Buffer.alloc(20)]])
  const hmac = createHmac('sha1', key).update(blank.subarray(0, -24)).digest()
  return encode(type, id, [...attributes, [attribute.messageIntegrity, hmac]])
}

/** The same with a check sum at its end, which ICE wants (RFC 8489, 14.7). */
export function withFingerprint(message: Buffer): Buffer {
  const whole = Buffer.concat([message, uint16(attribute.fingerprint), uint16(4)])
  whole.writeUInt16BE(message.length - 20 + 8, 2)
  const sum = crc32(whole.subarray(0, message.length)) ^ 0x5354554e
  return Buffer.concat([whole, uint32(sum >>> 0)])
}

/** What a relay's long-term credentials sign with. */
export function longTermKey({ username, credential }: TurnLogin, { realm }: Challenge): Buffer {
  return createHash('md5').update(`${username}:${realm}:${credential}`).digest()
}

/** @returns undefined when it is no STUN message */
export function decode(frame: Buffer): StunMessage | undefined {
  if (frame.length < 20 || !frame.subarray(4, 8).equals(magicCookie)) return undefined
  const attributes = new Map<number, Buffer>()
  for (let at = 20; at + 4 <= frame.length; ) {
    const length = frame.readUInt16BE(at + 2)
    attributes.set(frame.readUInt16BE(at), frame.subarray(at + 4, at + 4 + length))
    at += 4 + length + padding(length)
  }
  return {
    type: frame.readUInt16BE(0),
    id: frame.subarray(8, 20).toString('hex'),
    attributes,
  }
}

/** Bytes of the STUN message that `bytes` begins with; undefined while they are too few to tell. */
export function messageLength(bytes: Buffer): number | undefined {
  return bytes.length < 4 ? undefined : 20 + bytes.readUInt16BE(2)
}

/** The code of a refusal, such as 401. */
export function errorCodeOf({ attributes }: StunMessage): number | undefined {
  const error = attributes.get(attribute.errorCode)
  return error && error.readUInt8(2) * 100 + error.readUInt8(3)
}

/** XOR-PEER-ADDRESS: a family, a port and an address. */
export function xorAddress(address: string, port: number, id: Buffer): Buffer {
  const bytes = addressBytes(address)
  const mask = Buffer.concat([magicCookie, id])
  return Buffer.concat([
    Buffer.from([0, bytes.length === 4 ? families.ipv4 : families.ipv6]),
    uint16(port ^ magicCookie.readUInt16BE(0)),
    bytes.map((byte, at) => byte ^ (mask[at] ?? 0)),
  ])
}

function addressBytes(address: string): Buffer {
  if (!isIPv6(address)) return Buffer.from(address.split('.').map(Number))
  // The URL parser writes an IPv6 address in groups of hexadecimal digits only.
  const groups = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [head = '', tail = ''] = groups.split('::')
  const [left, right] = [head, tail].map((part) => part.split(':').filter(Boolean))
  const zeros = groups.includes('::') ? 8 - (left?.length ?? 0) - (right?.length ?? 0) : 0
  const all = [...(left ?? []), ...Array<string>(zeros).fill('0'), ...(right ?? [])]
  return Buffer.concat(all.map((group) => uint16(Number.parseInt(group, 16))))
}

export function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

const padding = (length: number) => (4 - (length % 4)) % 4
