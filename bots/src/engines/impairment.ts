import { makeRandom } from '@beseda/client/testing/unsteady'

/** What a bad network does to the packets of each direction. */
export type Network = {
  lossPercent: number
  /** One way. */
  delayMs: number
  /** What goes through; null for as much as comes. */
  kbps: number | null
}

/** How long packets queue before a bottleneck; those that would wait longer are dropped. */
const queueMs = 300

/**
 * Decides over the packets of one direction: when each goes on (ms, as `now` is), or null for one
 * that is lost. A `spared` one is lost in a full queue alone.
 */
export function makeRoad({ lossPercent, delayMs, kbps }: Network, random: () => number) {
  let freeAt = 0
  return (now: number, bytes: number, spared = false): number | null => {
    if (random() * 100 < lossPercent && !spared) return null
    if (kbps === null) return now + delayMs
    const start = Math.max(now, freeAt)
    if (start - now > queueMs) return null
    freeAt = start + (bytes * 8) / kbps
    return freeAt + delayMs
  }
}

/**
 * Whether it is of DTLS (RFC 7983). werift says the same records again when the end of a handshake
 * is lost, which the SFU takes for a replay: it would never come to an end.
 */
const isHandshake = (data: Buffer) => (data[0] ?? 0) >= 20 && (data[0] ?? 0) <= 63

/** Hands packets on after `road` has decided, in the order in which they came. */
function makeConveyor(road: ReturnType<typeof makeRoad>) {
  const waiting: { at: number; pass: () => void }[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  function run() {
    timer = undefined
    const now = performance.now()
    while (waiting[0] && waiting[0].at <= now) waiting.shift()?.pass()
    const [next] = waiting
    if (next) timer = setTimeout(run, next.at - now)
  }
  return {
    add(data: Buffer, pass: () => void) {
      const now = performance.now()
      const at = road(now, data.length, isHandshake(data))
      if (at === null) return
      if (at <= now && waiting.length === 0) return pass()
      waiting.push({ at, pass })
      timer ??= setTimeout(run, at - now)
    },
    close() {
      clearTimeout(timer)
      waiting.length = 0
    },
  }
}

type Address = [host: string, port: number]

/** A UDP socket as the ICE of werift has it. */
export type Datagrams = {
  send(data: Buffer, to?: Address): Promise<void>
  onData(data: Buffer, from: Address): void
  close(): Promise<void>
}

/** Let what a socket sends and receives go over a bad network, from now on until it closes. */
export function impair(socket: Datagrams, network: Network, seed: number): void {
  const up = makeConveyor(makeRoad(network, makeRandom(seed)))
  const down = makeConveyor(makeRoad(network, makeRandom(seed + 1)))
  const { send, onData, close } = socket
  socket.send = async (data, to) => {
    // Kept until later, so it must not be written over meanwhile.
    const kept = Buffer.from(data)
    up.add(data, () => void send(kept, to).catch(() => {}))
  }
  socket.onData = (data, from) => {
    down.add(data, () => onData.call(socket, data, from))
  }
  socket.close = () => {
    up.close()
    down.close()
    return close.call(socket)
  }
}
