/** Bytes of a packet's payload; with RTP, SRTP and UDP around it the packet fits any way. */
const payloadMax = 1_100

/**
 * A VP8 frame in RTP payloads (RFC 7741): each with a descriptor that says
 * whether it starts the frame, and the frame's 15-bit picture id.
 */
export function packetize(frame: Buffer, pictureId: number): Buffer[] {
  const payloads: Buffer[] = []
  for (let at = 0; at < frame.length; at += payloadMax) {
    const start = at === 0 ? 0x10 : 0
    const id = pictureId & 0x7fff
    const descriptor = Buffer.from([0x80 | start, 0x80, 0x80 | (id >> 8), id & 0xff])
    payloads.push(Buffer.concat([descriptor, frame.subarray(at, at + payloadMax)]))
  }
  return payloads
}

/** The width of the key frame that starts with this payload; null for any other. */
export function keyFrameWidth(payload: Buffer): number | null {
  const first = payload[0] ?? 0
  const startsFrame = (first & 0x17) === 0x10
  if (!startsFrame) return null
  let at = 1
  if (first & 0x80) {
    const extensions = payload[at++] ?? 0
    if (extensions & 0x80) at += (payload[at] ?? 0) & 0x80 ? 2 : 1
    if (extensions & 0x40) at += 1
    if (extensions & 0x30) at += 1
  }
  // A key frame's tag has its lowest bit clear; a start code and the size follow (RFC 6386, 9.1).
  const frame = payload.subarray(at)
  if (frame.length < 10 || ((frame[0] ?? 1) & 1) !== 0) return null
  if (frame[3] !== 0x9d || frame[4] !== 0x01 || frame[5] !== 0x2a) return null
  return frame.readUInt16LE(6) & 0x3fff
}
