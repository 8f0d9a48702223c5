const webAddress = /(?:https?:\/\/|mailto:)[^\s<>"«»]{1,2000}/iy
/** Punctuation and marks that end the sentence, not the address. */
const tail = /[.,:;!?'’”…*~|]/
const schemes = ['http:', 'https:', 'mailto:']

/** The address if a click may follow it; null for every other scheme. */
export function safeHref(address: string): string | null {
  if (!URL.canParse(address)) return null
  return schemes.includes(new URL(address).protocol) ? address : null
}

/** How much of `found` is the address: a closing bracket belongs to it only if it was opened there. */
function addressLength(found: string): number {
  let surplus = 0
  for (const char of found) surplus += char === ')' ? 1 : char === '(' ? -1 : 0
  let end = found.length
  for (; end > 0; end--) {
    const last = found.charAt(end - 1)
    if (last === ')' && surplus > 0) surplus -= 1
    else if (!tail.test(last)) break
  }
  return end
}

/** The web or mail address that begins at `at`, or null. */
export function readAddress(text: string, at: number): string | null {
  webAddress.lastIndex = at
  const found = webAddress.exec(text)?.[0]
  return found ? safeHref(found.slice(0, addressLength(found))) : null
}
