/** The `@…` that the caret stands in, and where it begins; null when there is none. */
export function mentionAt(text: string, caret: number): { start: number; query: string } | null {
  const found = /(?:^|[^\p{L}\p{N}_@.])@([\p{L}\p{N}_.-]{0,32})$/u.exec(text.slice(0, caret))
  const query = found?.[1]
  return query === undefined ? null : { start: caret - query.length - 1, query }
}

/** The text with the mention that stands at `start` written out, and where the caret goes. */
export function completeMention(
  text: string,
  { start, query }: { start: number; query: string },
  username: string,
): { text: string; caret: number } {
  const before = `${text.slice(0, start)}@${username} `
  const after = text.slice(start + 1 + query.length)
  return { text: before + after.replace(/^ /, ''), caret: before.length }
}
