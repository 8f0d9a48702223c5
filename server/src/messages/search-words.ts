import { type Placeholder, type SQL, sql } from 'drizzle-orm'
import { foldName } from '../users/search-text.ts'

/** The words of a text for the `search_words` column. */
export function searchWordsOf(text: string): SQL<string> {
  return searchVector(foldWords(text))
}

/**
 * A text's words for `searchVector`. Case and word boundaries are settled here because the
 * database knows those of Cyrillic only under some locales.
 */
export function foldWords(text: string): string {
  return wordsOf(text).join(' ')
}

/** Folded words as they are, and by their stems in Russian and in English. */
export function searchVector(folded: string | Placeholder): SQL<string> {
  return sql<string>`strip(to_tsvector('simple', ${folded}) || to_tsvector('russian', ${folded}) || to_tsvector('english', ${folded}))`
}

/**
 * The query for texts that hold every word of `text` in any of its forms; the
 * last word may be a beginning.
 *
 * @returns undefined when there is no word to look for
 */
export function searchQueryOf(text: string): SQL | undefined {
  const words = wordsOf(text)
  if (words.length === 0) return undefined
  const last = words.length - 1
  const parts = words.map((word, index) => queryOfWord(word, index === last))
  return sql`(${sql.join(parts, sql` && `)})`
}

function queryOfWord(word: string, isBeginning: boolean): SQL {
  // A word is letters and digits alone, so it can't be read as an operator.
  const plain = isBeginning ? `${word}:*` : word
  return sql`(to_tsquery('simple', ${plain}) || plainto_tsquery('russian', ${word}) || plainto_tsquery('english', ${word}))`
}

function wordsOf(text: string): string[] {
  return foldName(text).match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
}
