/** Bytes of a packet's payload; with RTP, SRTP and UDP around it the packet fits any way. */
const payloadMax = 1_100

/** Types of NAL units (H.264, table 7-1) and of their packets (RFC 6184, table 1). */
const types = { sequenceParameters: 7, pictureParameters: 8, stapA: 24, fuA: 28 }

const typeOf = (first: number | undefined) => (first ?? 0) & 0x1f

/** The NAL units of a frame with start codes (H.264, annex B). */
export function nalUnits(frame: Buffer): Buffer[] {
  const units: Buffer[] = []
  let from = -1
  for (let at = 0; at + 2 < frame.length; at++) {
    if (frame[at] !== 0 || frame[at + 1] !== 0 || frame[at + 2] !== 1) continue
    if (from >= 0) units.push(withoutZeros(frame.subarray(from, at)))
    from = at + 3
    at += 2
  }
  if (from >= 0) units.push(withoutZeros(frame.subarray(from)))
  return units.filter((unit) => unit.length > 0)
}

/** A start code of four bytes begins with a zero that belongs to no unit; no unit ends with one. */
function withoutZeros(unit: Buffer): Buffer {
  let end = unit.length
  while (end > 0 && unit[end - 1] === 0) end--
  return unit.subarray(0, end)
}

/**
 * An H.264 frame (annex B) in RTP payloads, packetization mode 1 (RFC 6184): parameter sets
 * together (STAP-A), units that fit alone, larger ones in fragments (FU-A).
 */
export function packetizeH264(frame: Buffer): Buffer[] {
  const units = nalUnits(frame)
  const isParameters = (unit: Buffer) =>
    typeOf(unit[0]) === types.sequenceParameters || typeOf(unit[0]) === types.pictureParameters
  const parameters = units.filter(isParameters)
  const others = units.filter((unit) => !isParameters(unit)).flatMap(packetizeUnit)
  return parameters.length > 1 ? [aggregate(parameters), ...others] : [...parameters, ...others]
}

function aggregate(units: Buffer[]): Buffer {
  const importance = Math.max(...units.map(([first = 0]) => first & 0x60))
  const parts = units.flatMap((unit) => {
    const size = Buffer.alloc(2)
    size.writeUInt16BE(unit.length)
    return [size, unit]
  })
  return Buffer.concat([Buffer.from([importance | types.stapA]), ...parts])
}

function packetizeUnit(unit: Buffer): Buffer[] {
  if (unit.length <= payloadMax) return [unit]
  const [first = 0] = unit
  const indicator = (first & 0xe0) | types.fuA
  const payloads: Buffer[] = []
  const step = payloadMax - 2
  for (let at = 1; at < unit.length; at += step) {
    const start = at === 1 ? 0x80 : 0
    const end = at + step >= unit.length ? 0x40 : 0
    const head = Buffer.from([indicator, start | end | typeOf(first)])
    payloads.push(Buffer.concat([head, unit.subarray(at, at + step)]))
  }
  return payloads
}

/** The width of the key frame that starts with this payload, told by its parameters; null for any other. */
export function keyFrameWidthH264(payload: Buffer): number | null {
  if (typeOf(payload[0]) === types.sequenceParameters) return widthOf(payload)
  if (typeOf(payload[0]) !== types.stapA) return null
  for (let at = 1; at + 2 < payload.length; ) {
    const size = payload.readUInt16BE(at)
    const unit = payload.subarray(at + 2, at + 2 + size)
    if (typeOf(unit[0]) === types.sequenceParameters) return widthOf(unit)
    at += 2 + size
  }
  return null
}

/** Profiles that say more before the size (H.264, 7.3.2.1.1); bots send the baseline alone. */
const plainProfiles = new Set([66, 77, 88])

/** The width in a sequence parameter set, in whole macroblocks; null for one that can't be read. */
function widthOf(unit: Buffer): number | null {
  const [, profile = 0] = unit
  if (!plainProfiles.has(profile)) return null
  // After two zeros a 3 only keeps them apart from a start code (H.264, 7.4.1).
  const raw = unit.filter((byte, at) => byte !== 3 || unit[at - 1] !== 0 || unit[at - 2] !== 0)
  const bits = makeBits(raw.subarray(4))
  bits.exponential() // The set's number.
  bits.exponential() // Bits of a frame's number.
  const order = bits.exponential()
  if (order === 1) return null
  if (order === 0) bits.exponential()
  bits.exponential() // Reference frames.
  bits.one() // Gaps in the numbers of frames.
  const width = (bits.exponential() + 1) * 16
  return bits.isOver() ? null : width
}

function makeBits(bytes: Uint8Array) {
  let at = 0
  const one = () => {
    const bit = ((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1
    at++
    return bit
  }
  return {
    one,
    /** An unsigned number in the code of Exp-Golomb (H.264, 9.1). */
    exponential() {
      let zeros = 0
      while (one() === 0 && zeros < 32 && at < bytes.length * 8) zeros++
      let value = 1
      for (let nth = 0; nth < zeros; nth++) value = value * 2 + one()
      return value - 1
    },
    isOver: () => at > bytes.length * 8,
  }
}
