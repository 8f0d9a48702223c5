import { RequestError } from '@beseda/client/rest'
import type { Dictionary } from '../i18n/ru.ts'

/** Why a file is not uploaded: a code of the server's, or what was seen before asking it. */
export type Problem = RequestError['code'] | 'EMPTY' | 'FOLDER'

/** What speaks against a file before it is sent; `maxBytes` is null while it is not known. */
export function problemOf(
  file: { size: number; folder: boolean },
  maxBytes: number | null,
): Problem | null {
  if (file.folder) return 'FOLDER'
  if (file.size === 0) return 'EMPTY'
  return maxBytes !== null && file.size > maxBytes ? 'FILE_TOO_LARGE' : null
}

/** What the failed upload says. */
export const problemIn = (error: unknown): Problem =>
  error instanceof RequestError ? error.code : 'INTERNAL'

const passing = new Set<Problem>(['NETWORK', 'UNAVAILABLE', 'INTERNAL', 'RATE_LIMITED'])

/** Whether the same file may well be taken at another try. */
export const mayPass = (problem: Problem) => passing.has(problem)

/** A sentence that names the cause; `most` is the size that may be sent, in words. */
export function problemText(t: Dictionary, problem: Problem, most: string): string {
  const words = t.attachments
  switch (problem) {
    case 'FOLDER':
      return words.folder
    case 'EMPTY':
      return words.empty
    case 'FILE_TOO_LARGE':
    case 'PAYLOAD_TOO_LARGE':
      return words.tooLarge(most)
    case 'FILE_TYPE':
    case 'UNSUPPORTED_MEDIA_TYPE':
      return words.disguised
    case 'IMAGE_TOO_LARGE':
      return words.tooManyPixels
    default: {
      const errors: Record<string, string> = t.errors
      return errors[problem] ?? t.errors.UNKNOWN
    }
  }
}
