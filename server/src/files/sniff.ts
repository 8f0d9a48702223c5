import { open } from 'node:fs/promises'
import { fileTypeFromFile } from 'file-type'

/** Beginnings of an archive: with content, empty, in several parts. */
const zipSignatures = new Set(['504b0304', '504b0506', '504b0708'])

/**
 * The media type of a file by its bytes. Whatever is packed as ZIP (documents of
 * office programs too) is `application/zip`.
 *
 * @returns undefined when the bytes are like nothing that is known, as text is
 */
export async function sniff(path: string): Promise<string | undefined> {
  if (zipSignatures.has(await head(path))) return 'application/zip'
  // Some encoders leave a few bytes before the first frame of an MP3.
  const found = await fileTypeFromFile(path, { mpegOffsetTolerance: 10 })
  return found?.mime
}

/** The first four bytes, in hex. */
async function head(path: string): Promise<string> {
  const handle = await open(path)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0)
    return buffer.toString('hex', 0, bytesRead)
  } finally {
    await handle.close()
  }
}
