/** What was typed and not sent, by chat. */
export type Drafts = {
  get(chatId: string): string
  /** Keep what stands in the composer now; nothing to keep when it is empty. */
  set(chatId: string, text: string): void
  /** Forget all of them, as when the user signs out. */
  clear(): void
}

/**
 * A user's drafts, kept in the browser's storage so that they outlive a reload; in
 * memory alone where the browser keeps nothing (forbidden, or full).
 */
export function openDrafts(userId: string, storage: Storage | null): Drafts {
  const prefix = `beseda.draft.${userId}.`
  const held = new Map<string, string>()
  return {
    get: (chatId) => held.get(chatId) ?? storage?.getItem(prefix + chatId) ?? '',
    set(chatId, text) {
      held.set(chatId, text)
      if (text === '') return storage?.removeItem(prefix + chatId)
      try {
        storage?.setItem(prefix + chatId, text)
      } catch {
        // Full: it is kept as long as the page.
      }
    },
    clear() {
      held.clear()
      const keys = Array.from({ length: storage?.length ?? 0 }, (_, at) => storage?.key(at) ?? '')
      for (const key of keys) if (key.startsWith(prefix)) storage?.removeItem(key)
    },
  }
}
