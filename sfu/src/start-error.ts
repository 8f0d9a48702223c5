/** The SFU can't start; `message` is one sentence for the person who runs it. */
export class StartError extends Error {
  override name = 'StartError'
}

/** What went wrong, in the few words that fit into a sentence. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
