/**
 * A failure that the person at the terminal can do something about. `message`
 * is one sentence: what happened and what to do next. It is shown without a
 * stack.
 */
export class StartError extends Error {
  override name = 'StartError'
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
