import { limits } from '@beseda/protocol/limits'

/** Characters that no name needs and that hide what it says: controls, line ends, reversed writing. */
const hidden = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu
/** Half of a character that was cut in two. */
const halves = /\p{Cs}/gu

/**
 * A file's name as it is kept and shown: without folders and hidden characters,
 * and as short as the limit wants it; its extension stays.
 */
export function cleanName(given: string): string {
  const last = given.replaceAll('\\', '/').split('/').at(-1) ?? ''
  const name = last.replace(hidden, '').replace(halves, '').trim()
  if (/^\.*$/.test(name)) return 'file'
  if (name.length <= limits.fileNameMax) return name
  const extension = /\.[^.]{1,20}$/.exec(name)?.[0] ?? ''
  const stem = name.slice(0, limits.fileNameMax - extension.length)
  return stem.replace(halves, '') + extension
}

/** The extension of a name in lower case, without its dot; empty when there is none. */
export function extensionOf(name: string): string {
  return /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''
}
