/** Opcodes of RFC 6455 that the benchmark meets. */
export const opcodes = { text: 1, close: 8, ping: 9, pong: 10 }

/** A server's frame, whole, as it goes over the wire: never masked. */
export function serverFrame(payload: Buffer, opcode = opcodes.text): Buffer {
  const { length } = payload
  if (length > 0xffff) throw new Error('the benchmark sends no frames so long')
  const header = length < 126 ? Buffer.alloc(2) : Buffer.alloc(4)
  header[0] = 0x80 | opcode
  if (length < 126) header[1] = length
  else {
    header[1] = 126
    header.writeUInt16BE(length, 2)
  }
  return Buffer.concat([header, payload])
}

/** A client's frame, masked with zeroes as the standard allows nobody to notice. */
export function clientFrame(payload: Buffer, opcode = opcodes.text): Buffer {
  const plain = serverFrame(payload, opcode)
  const headerLength = plain.length - payload.length
  const header = Buffer.concat([plain.subarray(0, headerLength), Buffer.alloc(4)])
  header[1] = (header[1] ?? 0) | 0x80
  return Buffer.concat([header, payload])
}

/**
 * Read the unmasked frames of one socket, however they were cut on their way.
 * Payloads are only good until `onFrame` returns. Answers what to feed.
 */
export function makeFrameReader(onFrame: (opcode: number, payload: Buffer) => void) {
  let rest: Buffer | undefined
  return (bytes: Buffer) => {
    let data = rest ? Buffer.concat([rest, bytes]) : bytes
    for (let size = sizeOf(data); size && size.end <= data.length; size = sizeOf(data)) {
      onFrame((data[0] ?? 0) & 0x0f, data.subarray(size.start, size.end))
      data = data.subarray(size.end)
    }
    rest = data.length > 0 ? Buffer.from(data) : undefined
  }
}

/** Where the payload of the first frame begins and ends; undefined while its header is not whole. */
function sizeOf(data: Buffer): { start: number; end: number } | undefined {
  const short = (data[1] ?? 127) & 0x7f
  const start = short === 127 ? 10 : short === 126 ? 4 : 2
  if (data.length < start) return undefined
  if (short < 126) return { start, end: start + short }
  const length = short === 126 ? data.readUInt16BE(2) : Number(data.readBigUInt64BE(2))
  return { start, end: start + length }
}
