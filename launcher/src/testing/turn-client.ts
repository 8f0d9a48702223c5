import { createHash, createHmac, randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { on } from 'node:events'
import { isIPv6 } from 'node:net'

/**
 * As much of a TURN client (RFC 8656) as it takes to try a relay's doors: an
 * allocation over UDP, and permissions to reach peers.
 */

export type TurnLogin = { username: string; credential: string }

/** What the relay answered: 0 for success, else the code of its error. */
export type TurnAnswer = number

const allocate = 0x0003
const createPermission = 0x0008
const success = 0x0100

const attribute = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  peerAddress: 0x0012,
  realm: 0x0014,
  nonce: 0x0015,
  addressFamily: 0x0017,
  requestedTransport: 0x0019,
}
const magicCookie = Buffer.from([0x21, 0x12, 0xa4, 0x42])
const udp = 17
const families = { ipv4: 1, ipv6: 2 }

type Attribute = [type: number, value: Buffer]

/** Open a socket of one's own towards the relay. */
export function openTurnClient(host: string, port: number, login?: TurnLogin) {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
  let challenge: { realm: Buffer; nonce: Buffer } | undefined

  async function ask(type: number, wanted: (id: Buffer) => Attribute[]): Promise<TurnAnswer> {
    const id = randomBytes(12)
    const proof = login && challenge ? { ...login, ...challenge } : undefined
    const request = encode(type, id, wanted(id), proof)
    const send = () => socket.send(request, port, host)
    send()
    // Datagrams get lost: the same question again, and an answer to it alone (RFC 8489, 6.2.1).
    const again = setInterval(send, 500)
    const answer = await answerTo(id).finally(() => clearInterval(again))
    const found = decode(answer)
    const [realm, nonce] = [found.get(attribute.realm), found.get(attribute.nonce)]
    if (realm && nonce) challenge = { realm, nonce }
    if (answer.readUInt16BE(0) === (type | success)) return 0
    const error = found.get(attribute.errorCode)
    if (!error) throw new Error('the relay answered with neither success nor an error')
    return error.readUInt8(2) * 100 + error.readUInt8(3)
  }

  /** @throws TimeoutError after 15 s */
  async function answerTo(id: Buffer): Promise<Buffer> {
    const signal = AbortSignal.timeout(15_000)
    for await (const heard of on(socket, 'message', { signal })) {
      const [answer] = heard as [Buffer]
      if (id.equals(answer.subarray(8, 20))) return answer
    }
    throw new Error('the socket was closed')
  }

  return {
    /** Ask for a relayed port, of IPv6 if wanted. */
    async allocate(family: keyof typeof families = 'ipv4'): Promise<TurnAnswer> {
      const attributes = (): Attribute[] => [
        [attribute.requestedTransport, Buffer.from([udp, 0, 0, 0])],
        [attribute.addressFamily, Buffer.from([families[family], 0, 0, 0])],
      ]
      // The first answer is a refusal that brings what the second question is signed with.
      const answer = await ask(allocate, attributes)
      return answer === 401 && login ? ask(allocate, attributes) : answer
    },
    /** Ask to reach a peer. */
    permit: (address: string): Promise<TurnAnswer> =>
      ask(createPermission, (id) => [[attribute.peerAddress, peerAddress(address, id)]]),
    close: () => socket.close(),
  }
}

function encode(
  type: number,
  id: Buffer,
  attributes: Attribute[],
  proof?: TurnLogin & { realm: Buffer; nonce: Buffer },
): Buffer {
  if (!proof) return message(type, id, attributes)
  const { username, credential, realm, nonce } = proof
  const signed: Attribute[] = [
    ...attributes,
    [attribute.username, Buffer.from(username)],
    [attribute.realm, realm],
    [attribute.nonce, nonce],
  ]
  const key = createHash('md5').update(`${username}:${realm}:${credential}`).digest()
  // The length that is signed counts the signature in (RFC 8489, 14.5).
  const blank = message(type, id, [...signed, [attribute.messageIntegrity, Buffer.alloc(20)]])
  const hmac = createHmac('sha1', key).update(blank.subarray(0, -24)).digest()
  return message(type, id, [...signed, [attribute.messageIntegrity, hmac]])
}

function message(type: number, id: Buffer, attributes: Attribute[]): Buffer {
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

function decode(frame: Buffer): Map<number, Buffer> {
  const found = new Map<number, Buffer>()
  for (let at = 20; at + 4 <= frame.length; ) {
    const length = frame.readUInt16BE(at + 2)
    found.set(frame.readUInt16BE(at), frame.subarray(at + 4, at + 4 + length))
    at += 4 + length + padding(length)
  }
  return found
}

/** XOR-PEER-ADDRESS: a family, a port that a permission ignores, and the address. */
function peerAddress(address: string, id: Buffer): Buffer {
  const bytes = addressBytes(address)
  const mask = Buffer.concat([magicCookie, id])
  return Buffer.concat([
    Buffer.from([0, bytes.length === 4 ? families.ipv4 : families.ipv6]),
    uint16(0),
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

const padding = (length: number) => (4 - (length % 4)) % 4

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}
