/** A recorded stream: frames of one codec at a constant pace. */
export type Recording = {
  /** Four letters: `VP80`, `H264`, `OPUS`. */
  codec: string
  width: number
  height: number
  /** Milliseconds that one frame lasts. */
  frameMs: number
  frames: Buffer[]
}

const headerBytes = 32
const frameHeaderBytes = 12

/**
 * A recording as an IVF file: made for VP8, it holds Opus packets as well.
 * Sizes and times are little-endian (https://wiki.multimedia.cx/index.php/Duck_IVF).
 */
export function writeIvf({ codec, width, height, frameMs, frames }: Recording): Buffer {
  const header = Buffer.alloc(headerBytes)
  header.write('DKIF', 0, 'latin1')
  header.writeUInt16LE(headerBytes, 6)
  header.write(codec, 8, 4, 'latin1')
  header.writeUInt16LE(width, 12)
  header.writeUInt16LE(height, 14)
  // The time base: frames count milliseconds.
  header.writeUInt32LE(1000, 16)
  header.writeUInt32LE(1, 20)
  header.writeUInt32LE(frames.length, 24)
  const parts = frames.flatMap((frame, index) => {
    const before = Buffer.alloc(frameHeaderBytes)
    before.writeUInt32LE(frame.length, 0)
    before.writeBigUInt64LE(BigInt(index * frameMs), 4)
    return [before, frame]
  })
  return Buffer.concat([header, ...parts])
}

/** Read what `writeIvf` wrote. @throws Error for a file that is something else, or is cut off */
export function readIvf(file: Buffer): Recording {
  if (file.length < headerBytes || file.toString('latin1', 0, 4) !== 'DKIF') {
    throw new Error('not an IVF file')
  }
  const frames: Buffer[] = []
  const times: number[] = []
  let at = file.readUInt16LE(6)
  while (at < file.length) {
    const start = at + frameHeaderBytes
    if (start > file.length) throw new Error('the IVF file is cut off')
    const size = file.readUInt32LE(at)
    if (start + size > file.length) throw new Error('the IVF file is cut off')
    times.push(Number(file.readBigUInt64LE(at + 4)))
    frames.push(file.subarray(start, start + size))
    at = start + size
  }
  const [first, second] = times
  if (first === undefined || second === undefined) throw new Error('the IVF file is too short')
  return {
    codec: file.toString('latin1', 8, 12),
    width: file.readUInt16LE(12),
    height: file.readUInt16LE(14),
    frameMs: second - first,
    frames,
  }
}
