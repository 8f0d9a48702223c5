import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import type { FastifyRequest } from 'fastify'
import { Refusal, refuse, refuseField } from '../errors.ts'

/** What surrounds the file in a multipart body, in bytes. */
const envelopeBytes = 64 * 1024

/** An upload whose bytes lie at a path. */
export type Received = { name: string; declaredType: string; size: number }

/**
 * Write the file of a multipart request to `path` as it comes in.
 *
 * @param bytesMax size of the largest file that is taken
 * @throws Refusal FILE_TOO_LARGE, VALIDATION; then part of the file may lie at the path
 */
export async function receiveFile(
  request: FastifyRequest,
  path: string,
  bytesMax: number,
): Promise<Received> {
  if (Number(request.headers['content-length']) > bytesMax + envelopeBytes) throw tooLarge(bytesMax)
  try {
    return await receive(request, path, bytesMax)
  } catch (error) {
    // Faults in the body's form come from the parser as bare errors; the plugin's own bear a status.
    if (error instanceof Refusal || !isOfTheBody(error)) throw error
    throw refuse('VALIDATION', 'The multipart body is broken.')
  }
}

async function receive(request: FastifyRequest, path: string, bytesMax: number): Promise<Received> {
  const part = await request.file({ limits: { fileSize: bytesMax }, throwFileSizeLimit: false })
  if (!part) throw refuseField('file', 'is missing')
  const target = createWriteStream(path, { mode: 0o600 })
  await pipeline(part.file, target)
  if (part.file.truncated) throw tooLarge(bytesMax)
  const size = target.bytesWritten
  if (size === 0) throw refuseField('file', 'is empty')
  return { name: part.filename, declaredType: part.mimetype, size }
}

/** What the system says of its disk, and the plugin of the request, goes on as it is. */
function isOfTheBody(error: unknown): boolean {
  return !(error instanceof Error && ('statusCode' in error || 'syscall' in error))
}

function tooLarge(bytesMax: number) {
  return refuse('FILE_TOO_LARGE', `The file is larger than ${bytesMax} bytes.`)
}
