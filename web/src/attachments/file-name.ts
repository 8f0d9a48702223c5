import type { FileKind } from '@beseda/protocol/files'

/** A name in two parts, so that a long one can be cut before its extension: `holiday` and `.jpg`. */
export function splitName(name: string): { stem: string; extension: string } {
  const found = /^(.+)(\.[\p{L}\p{N}]{1,8})$/u.exec(name)
  return { stem: found?.[1] ?? name, extension: found?.[2] ?? '' }
}

const shown = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif'])

/** What a file seems to be by what the browser says of it; the server looks at its bytes. */
export function seemingKind(mimeType: string): FileKind {
  if (shown.has(mimeType)) return 'image'
  if (mimeType.startsWith('video/')) return 'video'
  return mimeType.startsWith('audio/') ? 'audio' : 'file'
}

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

/** `3.4 MB` or `12 bytes`, in steps of 1,024. */
export function sizeText(bytes: number, language: string): string {
  let amount = Math.max(bytes, 0)
  let step = 0
  while (amount >= 1024 && step < units.length - 1) {
    amount /= 1024
    step += 1
  }
  const digits = amount < 10 && amount % 1 !== 0 ? 1 : 0
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: units[step],
    // Short for it is "byte", whatever the number.
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: digits,
  }).format(amount)
}
