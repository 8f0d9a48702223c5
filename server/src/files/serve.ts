import { Readable } from 'node:stream'
import type { fileQuerySchema } from '@beseda/protocol/files'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { refuse } from '../errors.ts'
import { contentDisposition } from './disposition.ts'
import type { FileFolder } from './folder.ts'
import { parseRange } from './range.ts'
import type { FileRow } from './schema.ts'

type Wanted = z.output<typeof fileQuerySchema>

/**
 * Answer with the bytes of a file, or of a part of it, with headers that let
 * nothing in it run.
 *
 * @throws Refusal NOT_FOUND when there is no such variant
 */
export async function serveFile(
  folder: FileFolder,
  file: FileRow,
  { variant, download }: Wanted,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const isThumbnail = variant === 'thumbnail'
  if (isThumbnail && !file.hasThumbnail) throw refuse('NOT_FOUND', 'There is no thumbnail of it.')
  const isShown = file.kind !== 'file' && download === undefined
  // What lies under an id never changes, but who may see it does.
  const etag = `"${file.id}${isThumbnail ? '.thumb' : ''}"`
  reply
    .header('etag', etag)
    .header('cache-control', cacheControl(file))
    .header('content-security-policy', "default-src 'none'; sandbox")
    .header('x-content-type-options', 'nosniff')
  if (isHeld(request.headers['if-none-match'], etag)) return reply.code(304).send()

  const { handle, size } = await folder.open(file.id, variant)
  reply
    .type(isThumbnail ? 'image/webp' : file.mimeType)
    .header('content-disposition', contentDisposition(isShown ? 'inline' : 'attachment', file.name))
    .header('accept-ranges', 'bytes')
  const range = parseRange(rangeHeader(request, etag), size)
  if (range === 'unsatisfiable') {
    await handle.close()
    return reply.code(416).header('content-range', `bytes */${size}`).send()
  }
  if (request.method === 'HEAD') {
    await handle.close()
    // A body that is a stream lets Fastify keep this length; the file itself it would read to its end.
    return reply.header('content-length', size).send(Readable.from([]))
  }
  if (range === 'whole') {
    return reply.header('content-length', size).send(handle.createReadStream())
  }
  const { start, end } = range
  return reply
    .code(206)
    .header('content-range', `bytes ${start}-${end}/${size}`)
    .header('content-length', end - start + 1)
    .send(handle.createReadStream({ start, end }))
}

/** A member who is removed must lose attachments at once, so browsers ask before each use. */
function cacheControl({ purpose }: FileRow) {
  return purpose === 'avatar' ? 'private, max-age=31536000, immutable' : 'private, no-cache'
}

/** Whether the client has these bytes already. */
function isHeld(ifNoneMatch: string | undefined, etag: string): boolean {
  const held = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return held.includes(etag) || held.includes('*')
}

/** The range that is asked for, unless it is meant for other bytes than these. */
function rangeHeader({ method, headers }: FastifyRequest, etag: string): string | undefined {
  const ifRange = headers['if-range']
  if (method !== 'GET' || (ifRange !== undefined && ifRange !== etag)) return undefined
  return headers.range
}
