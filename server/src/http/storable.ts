/**
 * Whether all text in parsed JSON can be stored: PostgreSQL takes neither NUL
 * nor half of a character that needs two code units. Walks without recursion,
 * so that a deeply nested body does not exhaust the stack.
 */
export function isStorable(data: unknown): boolean {
  const left = [data]
  while (left.length > 0) {
    const next = left.pop()
    if (typeof next === 'string' && (next.includes('\u0000') || !next.isWellFormed())) return false
    if (typeof next === 'object' && next !== null)
      for (const part of Object.values(next)) left.push(part)
  }
  return true
}
