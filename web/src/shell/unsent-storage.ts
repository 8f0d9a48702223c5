import type { UnsentStorage } from '@beseda/client/unsent'
import { findStorage } from './storage.ts'

/**
 * Unsent messages in the browser's `localStorage`, a key for each, so that two
 * tabs of one user don't overwrite each other's. Where the browser keeps
 * nothing (forbidden, or full) they wait in memory alone and go with the page.
 */
export function openUnsentStorage(storage: Storage | null = findStorage()): UnsentStorage {
  const prefix = (userId: string) => `beseda.unsent.${userId}.`

  const keysOf = (userId: string) =>
    Array.from({ length: storage?.length ?? 0 }, (_, index) => storage?.key(index) ?? '')
      .filter((key) => key.startsWith(prefix(userId)))
      .sort()

  return {
    get: (userId) => keysOf(userId).map((key) => storage?.getItem(key) ?? ''),
    set(userId, key, value) {
      try {
        storage?.setItem(prefix(userId) + key, value)
      } catch {
        // Full: the message is sent all the same, it is just not kept over a reload.
      }
    },
    remove: (userId, key) => storage?.removeItem(prefix(userId) + key),
    clear(userId) {
      for (const key of keysOf(userId)) storage?.removeItem(key)
    },
  }
}
