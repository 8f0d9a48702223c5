import { once } from 'node:events'
import { isIP } from 'node:net'
import { type PeerCertificate, connect as tlsConnect } from 'node:tls'
import type { TransportOptions } from '@beseda/protocol/media'
import { ask, stunFraming } from './ask.ts'
import { makeCheck } from './ice.ts'
import {
  type Attribute,
  attribute,
  type Challenge,
  decode,
  encode,
  encodeSigned,
  errorCodeOf,
  longTermKey,
  methods,
  type StunMessage,
  success,
  type TurnLogin,
  transactionId,
  xorAddress,
} from './stun.ts'
import { openWire, type Wire, type WireKind } from './wire.ts'

/** What came of one URL of a relay. */
export type RelayFinding = {
  url: string
  /** Somebody speaks TURN there. */
  reached: boolean
  /** What allocating a port was answered: 0 for success, else the code, such as 401. */
  allocated?: number | undefined
  /** What asking to reach the SFU was answered, such as 403; absent without an SFU. */
  permitted?: number | undefined
  /** Whether the SFU's answer came back through the relay. */
  forwarded?: boolean | undefined
  /** What is wrong with the certificate of a `turns:` URL. */
  certificate?: { problem: 'expired' | 'untrusted'; detail: string } | undefined
}

/** The parts of a `turn:` or `turns:` URL (RFC 7065). */
export function parseTurnUrl(url: string): { kind: WireKind; host: string; port: number } {
  const [, scheme = '', host = '', port, transport] =
    /^(turns?):(\[[^\]]+\]|[^:?]+)(?::(\d+))?(?:\?transport=(udp|tcp))?$/i.exec(url) ?? []
  const secure = scheme.toLowerCase() === 'turns'
  return {
    kind: secure ? 'tls' : transport === 'tcp' ? 'tcp' : 'udp',
    host: host.replace(/^\[|\]$/g, ''),
    port: Number(port ?? (secure ? 5349 : 3478)),
  }
}

/**
 * Ask a relay for a port, as a browser does, and have it carry a check to the SFU and back.
 *
 * @param target where the SFU receives media
 */
export async function tryRelay(
  url: string,
  login: TurnLogin,
  target: TransportOptions | undefined,
  timeoutMs: number,
): Promise<RelayFinding> {
  const { kind, host, port } = parseTurnUrl(url)
  const certificate = kind === 'tls' ? await judgeCertificate(host, port, timeoutMs) : undefined
  const options = { kind, host, port, framing: stunFraming, timeoutMs }
  const wire = await openWire(options).catch(() => undefined)
  if (!wire) return { url, reached: false, certificate }
  try {
    const session = openSession(wire, login, timeoutMs)
    const allocated = await session.allocate()
    if (allocated === undefined) return { url, reached: false, certificate }
    if (allocated !== 0 || !target) return { url, reached: true, allocated, certificate }
    return { url, reached: true, allocated, certificate, ...(await session.reach(target)) }
  } finally {
    wire.close()
  }
}

/** Requests to a relay over one wire; each answers 0, the code of its refusal, or undefined for silence. */
export function openSession(wire: Wire, login: TurnLogin | undefined, timeoutMs: number) {
  let challenge: Challenge | undefined

  async function request(type: number, wanted: (id: Buffer) => Attribute[]) {
    const id = transactionId()
    const message =
      login && challenge
        ? encodeSigned(
            type,
            id,
            [...wanted(id), ...proofOf(login, challenge)],
            longTermKey(login, challenge),
          )
        : encode(type, id, wanted(id))
    const isOurs = (found: StunMessage) => (found.id === id.toString('hex') ? found : undefined)
    const answer = await ask(wire, message, isOurs, timeoutMs)
    if (!answer) return undefined
    const [realm, nonce] = [attribute.realm, attribute.nonce].map((one) =>
      answer.attributes.get(one),
    )
    if (realm && nonce) challenge = { realm, nonce }
    return answer.type === (type | success) ? 0 : (errorCodeOf(answer) ?? 500)
  }

  return {
    /** Ask for a relayed port. */
    async allocate(family?: number) {
      const attributes = (): Attribute[] => [
        // For UDP.
        [attribute.requestedTransport, Buffer.from([17, 0, 0, 0])],
        ...(family ? [[attribute.addressFamily, Buffer.from([family, 0, 0, 0])] as Attribute] : []),
      ]
      // The first answer is a refusal that brings what the second question is signed with.
      const answer = await request(methods.allocate, attributes)
      return answer === 401 && login ? request(methods.allocate, attributes) : answer
    },
    /** Ask to reach a peer. */
    permit: (address: string) =>
      request(methods.createPermission, (id) => [
        [attribute.peerAddress, xorAddress(address, 0, id)],
      ]),
    /** Send a check of ICE to the SFU and wait for its answer. */
    async reach(target: TransportOptions) {
      const candidate = target.iceCandidates.find(({ protocol }) => protocol === 'udp')
      if (!candidate) return {}
      const permitted = await this.permit(candidate.address)
      if (permitted !== 0) return { permitted }
      const check = makeCheck(target)
      const id = transactionId()
      const indication = encode(methods.send, id, [
        [attribute.peerAddress, xorAddress(candidate.address, candidate.port, id)],
        [attribute.data, check.message],
      ])
      const isAnswer = ({ type, attributes }: StunMessage) => {
        if (type !== methods.data) return undefined
        const carried = decode(attributes.get(attribute.data) ?? Buffer.alloc(0))
        return carried?.id === check.id ? true : undefined
      }
      const forwarded = (await ask(wire, indication, isAnswer, timeoutMs)) ?? false
      return { permitted, forwarded }
    },
  }
}

function proofOf({ username }: TurnLogin, { realm, nonce }: Challenge): Attribute[] {
  return [
    [attribute.username, Buffer.from(username)],
    [attribute.realm, realm],
    [attribute.nonce, nonce],
  ]
}

async function judgeCertificate(
  host: string,
  port: number,
  timeoutMs: number,
): Promise<RelayFinding['certificate']> {
  const socket = tlsConnect({
    ...{ host, port, rejectUnauthorized: false },
    ...(isIP(host) === 0 && { servername: host }),
  })
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(timeoutMs) })
    const reason = socket.authorizationError
    const { valid_to: end } = socket.getPeerCertificate() as Partial<PeerCertificate>
    if (end && Date.parse(end) < Date.now()) return { problem: 'expired', detail: end }
    return reason ? { problem: 'untrusted', detail: String(reason) } : undefined
  } catch {
    // Nobody there: that is told apart.
    return undefined
  } finally {
    socket.destroy()
  }
}
