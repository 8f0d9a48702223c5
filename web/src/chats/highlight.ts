export type Piece = { text: string; hit: boolean }

/** Letters that two forms of one word may differ in at their ends: `книга`, `книгами`. */
const endingMax = 4
/** As many letters must be the same before that. */
const stemMin = 3

/** How many characters stand before the first hit in an excerpt. */
const lead = 24

const fold = (word: string) => word.toLowerCase().replaceAll('ё', 'е')

function sameBeginning(a: string, b: string): number {
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  return at
}

/** Whether a word is one of those that were asked for, or a form of it as far as letters tell. */
function matches(word: string, asked: string): boolean {
  if (word.startsWith(asked)) return true
  const same = sameBeginning(word, asked)
  return same >= stemMin && Math.max(word.length, asked.length) - same <= endingMax
}

/**
 * A text in pieces, those that match a search marked. The server compares word
 * stems; this comes near it with the letters alone.
 */
export function highlight(text: string, query: string): Piece[] {
  const asked = [...query.matchAll(/[\p{L}\p{N}]+/gu)].map(([word]) => fold(word))
  const pieces: Piece[] = []
  for (const [part] of text.matchAll(/[\p{L}\p{N}]+|[^\p{L}\p{N}]+/gu)) {
    const hit = asked.some((word) => matches(fold(part), word))
    const last = pieces.at(-1)
    if (last?.hit === hit) last.text += part
    else pieces.push({ text: part, hit })
  }
  return pieces
}

/** As `highlight`, beginning a little before the first hit, so that a line of it shows the hit. */
export function highlightedExcerpt(text: string, query: string): Piece[] {
  const pieces = highlight(text, query)
  const [first, ...others] = pieces
  if (!first || first.hit || others.length === 0 || first.text.length <= lead) return pieces
  const tail = first.text.slice(-lead)
  // From the beginning of a word, when there is one.
  return [{ text: `…${tail.slice(tail.indexOf(' ') + 1)}`, hit: false }, ...others]
}
