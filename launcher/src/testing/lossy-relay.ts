import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import type { AddressInfo } from 'node:net'

/** What a network does to the packets of one direction. */
export type Impairment = {
  /** Share of packets that are lost, 0 to 1. */
  loss?: number
  /** What goes through, in bit/s. */
  bitrate?: number
}

/** How long packets may queue before a bottleneck, in ms; those beyond are dropped. */
const queueMs = 300

/**
 * A UDP relay in front of `port` on the loopback, which makes a bad network of
 * a good one. Losses are drawn from a seeded generator, so that runs compare.
 */
export async function startLossyRelay(port: number, impairment: Impairment = {}, seed = 1) {
  const front = await bound()
  const backs = new Map<string, Socket>()
  /** Towards the client, and towards `port`. */
  const ways = { down: impairment, up: impairment }
  const down = makeChannel(() => ways.down, seed)
  const up = makeChannel(() => ways.up, seed + 1)

  function backOf(client: RemoteInfo): Socket {
    const key = `${client.address}:${client.port}`
    const known = backs.get(key)
    if (known) return known
    const back = createSocket('udp4')
    back.on('message', (packet) =>
      down(packet, () => front.send(packet, client.port, client.address)),
    )
    backs.set(key, back)
    return back
  }
  front.on('message', (packet, client) => {
    const back = backOf(client)
    up(packet, () => back.send(packet, port, '127.0.0.1'))
  })

  return {
    port: (front.address() as AddressInfo).port,
    /** From now on one way, or both, is like this. */
    impair(change: Partial<typeof ways>) {
      Object.assign(ways, change)
    },
    close() {
      front.close()
      for (const back of backs.values()) back.close()
    },
  }
}

function bound(): Promise<Socket> {
  const socket = createSocket('udp4')
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(0, '127.0.0.1', () => resolve(socket))
  })
}

/** Passes packets on, late or not at all. */
function makeChannel(impairment: () => Impairment, seed: number) {
  const random = mulberry32(seed)
  let freeAt = 0
  return (packet: Buffer, pass: () => void) => {
    const { loss = 0, bitrate } = impairment()
    if (random() < loss) return
    if (bitrate === undefined) return pass()
    const now = performance.now()
    const start = Math.max(now, freeAt)
    if (start - now > queueMs) return
    freeAt = start + (packet.length * 8 * 1000) / bitrate
    setTimeout(pass, freeAt - now)
  }
}

/** A small generator of numbers from 0 to 1 (Mulberry32, public domain). */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
