/**
 * The `Content-Disposition` of a file (RFC 6266): its name in UTF-8 (RFC 8187),
 * and in ASCII for programs of long ago.
 */
export function contentDisposition(type: 'inline' | 'attachment', name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  return `${type}; filename="${ascii}"; filename*=UTF-8''${encodeRfc8187(name)}`
}

/** `encodeURIComponent` leaves three characters that have a meaning in this syntax. */
function encodeRfc8187(text: string): string {
  return encodeURIComponent(text).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
