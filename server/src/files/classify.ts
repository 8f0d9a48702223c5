import type { FileKind } from '@beseda/protocol/files'
import { refuse } from '../errors.ts'
import { formatNamed, formatOfType } from './formats.ts'
import { extensionOf } from './name.ts'

/** What a file is shown as, and the media type with which it is served. */
export type FileClass = { kind: FileKind; mimeType: string }

/** What an upload says of itself, and what its bytes say. */
export type Evidence = {
  name: string
  /** The media type that the sender's program declared. */
  declaredType: string
  /** The media type by the bytes; undefined when they are like nothing that is known. */
  sniffedType: string | undefined
}

/** Served for whatever must not be shown in place: browsers save it. */
const plainType = 'application/octet-stream'

/** What browsers show, by the sniffed type. */
const shown: Record<string, FileClass> = {
  'image/jpeg': { kind: 'image', mimeType: 'image/jpeg' },
  'image/png': { kind: 'image', mimeType: 'image/png' },
  'image/apng': { kind: 'image', mimeType: 'image/png' },
  'image/gif': { kind: 'image', mimeType: 'image/gif' },
  'image/webp': { kind: 'image', mimeType: 'image/webp' },
  'image/avif': { kind: 'image', mimeType: 'image/avif' },
  'video/mp4': { kind: 'video', mimeType: 'video/mp4' },
  'video/x-m4v': { kind: 'video', mimeType: 'video/mp4' },
  'video/quicktime': { kind: 'video', mimeType: 'video/quicktime' },
  'video/webm': { kind: 'video', mimeType: 'video/webm' },
  'video/ogg': { kind: 'video', mimeType: 'video/ogg' },
  'audio/mpeg': { kind: 'audio', mimeType: 'audio/mpeg' },
  'audio/mp4': { kind: 'audio', mimeType: 'audio/mp4' },
  'audio/x-m4a': { kind: 'audio', mimeType: 'audio/mp4' },
  'audio/aac': { kind: 'audio', mimeType: 'audio/aac' },
  'audio/ogg': { kind: 'audio', mimeType: 'audio/ogg' },
  'audio/wav': { kind: 'audio', mimeType: 'audio/wav' },
  'audio/flac': { kind: 'audio', mimeType: 'audio/flac' },
}

/** Containers that look alike with and without pictures in them. */
const soundOf: Record<string, string> = { 'video/mp4': 'audio/mp4', 'video/webm': 'audio/webm' }
const soundExtensions = new Set(['m4a', 'm4b', 'weba', 'mka'])

/**
 * Decide what a file is by its bytes. What they don't tell is a plain file, and
 * so is everything that a browser could run: HTML, SVG, scripts.
 *
 * @throws Refusal FILE_TYPE when the name or the declared type claims a format that the bytes are not
 */
export function classify(evidence: Evidence): FileClass {
  const declaredType = bare(evidence.declaredType)
  const sniffedType = evidence.sniffedType && bare(evidence.sniffedType)
  const extension = extensionOf(evidence.name)
  requireHonest(`named .${extension}`, formatNamed(extension), sniffedType)
  requireHonest(`declared as ${declaredType}`, formatOfType(declaredType), sniffedType)

  const sound = sniffedType && soundOf[sniffedType]
  if (sound && (soundExtensions.has(extension) || declaredType.startsWith('audio/'))) {
    return { kind: 'audio', mimeType: sound }
  }
  return (sniffedType && shown[sniffedType]) || { kind: 'file', mimeType: plainType }
}

function requireHonest(
  claim: string,
  claimed: ReturnType<typeof formatNamed>,
  sniffedType: string | undefined,
) {
  if (!claimed || (sniffedType && claimed.types.includes(sniffedType))) return
  throw refuse('FILE_TYPE', `The file is ${claim}, but is no ${claimed.label} file.`)
}

/** A media type without parameters, in lower case. */
function bare(type: string): string {
  return type.split(';', 1)[0]?.trim().toLowerCase() ?? ''
}
