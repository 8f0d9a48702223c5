/** A packet with its number on the transport, counted on beyond 16 bits, and when it came. */
export type TransportArrival = { number: number; atMs: number }

/** Arrivals are told in steps of 250 µs, from a beginning in steps of 64 ms. */
const ticksPerMs = 4
const ticksPerReference = 256

/**
 * Transport-wide feedback as bytes of RTCP: what came of all numbers from `first` on, and when
 * (draft-holmer-rmcat-transport-wide-cc-extensions-01, 3.1). `arrivals` are in the order of their
 * numbers and not empty.
 */
export function transportFeedback(options: {
  senderSsrc: number
  mediaSsrc: number
  /** Counts the feedback of this transport. */
  count: number
  first: number
  arrivals: readonly TransportArrival[]
}): Buffer {
  const { first, arrivals } = options
  const last = arrivals.at(-1)?.number ?? first
  const came = new Map(arrivals.map(({ number, atMs }) => [number, Math.round(atMs * ticksPerMs)]))
  const reference = Math.floor((came.get(arrivals[0]?.number ?? first) ?? 0) / ticksPerReference)
  const deltas: number[] = []
  const symbols: number[] = []
  let before = reference * ticksPerReference
  for (let number = first; number <= last; number++) {
    const ticks = came.get(number)
    if (ticks === undefined) {
      symbols.push(0)
      continue
    }
    const delta = Math.max(-0x8000, Math.min(0x7fff, ticks - before))
    before += delta
    if (delta >= 0 && delta <= 0xff) {
      symbols.push(1)
      deltas.push(delta)
    } else {
      symbols.push(2)
      deltas.push((delta >> 8) & 0xff, delta & 0xff)
    }
  }
  const chunks: number[] = []
  for (let at = 0; at < symbols.length; at += 7) {
    // A vector of seven symbols of two bits each.
    let chunk = 0b11
    for (let nth = 0; nth < 7; nth++) chunk = (chunk << 2) | (symbols[at + nth] ?? 0)
    chunks.push(chunk >> 8, chunk & 0xff)
  }
  const body = [...chunks, ...deltas]
  const padding = (4 - (body.length % 4)) % 4
  const bytes = Buffer.alloc(20 + body.length + padding)
  bytes.writeUInt8(0x80 | (padding > 0 ? 0x20 : 0) | 15, 0)
  bytes.writeUInt8(205, 1)
  bytes.writeUInt16BE(bytes.length / 4 - 1, 2)
  bytes.writeUInt32BE(options.senderSsrc, 4)
  bytes.writeUInt32BE(options.mediaSsrc, 8)
  bytes.writeUInt16BE(first & 0xffff, 12)
  bytes.writeUInt16BE(symbols.length, 14)
  bytes.writeUIntBE(reference & 0xffffff, 16, 3)
  bytes.writeUInt8(options.count & 0xff, 19)
  bytes.set(body, 20)
  if (padding > 0) bytes.writeUInt8(padding, bytes.length - 1)
  return bytes
}

/** Numbers told at once; feedback of more would not fit in a packet. */
const toldMax = 400

/** Collects the arrivals of one transport until they are told. */
export function makeArrivals() {
  let highest: number | null = null
  let next: number | null = null
  const waiting = new Map<number, number>()
  return {
    /** A packet came, with its number as it stands in the packet. */
    add(number16: number, atMs: number) {
      const number: number =
        highest === null ? number16 : highest + (((number16 - highest) << 16) >> 16)
      highest = Math.max(highest ?? number, number)
      next ??= number
      // What comes after it was told as missing stays so.
      if (number >= next && !waiting.has(number)) waiting.set(number, atMs)
    },
    /** All that came since the last time; null when nothing did. */
    take(): { first: number; arrivals: TransportArrival[] } | null {
      if (waiting.size === 0 || next === null) return null
      const all = [...waiting]
        .map(([number, atMs]) => ({ number, atMs }))
        .sort((a, b) => a.number - b.number)
      const first = Math.max(next, (all.at(-1)?.number ?? 0) - toldMax)
      waiting.clear()
      next = (all.at(-1)?.number ?? 0) + 1
      return { first, arrivals: all.filter(({ number }) => number >= first) }
    },
  }
}
