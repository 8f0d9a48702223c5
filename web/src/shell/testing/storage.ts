/** The browser's storage, in memory, with a key of its own; `room` is how many keys it takes. */
export function makeStorage(room = Number.POSITIVE_INFINITY): Storage {
  const kept = new Map<string, string>([['beseda.locale', 'ru']])
  return {
    get length() {
      return kept.size
    },
    key: (index) => [...kept.keys()][index] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    setItem(key, value) {
      if (kept.size > room) throw new DOMException('full', 'QuotaExceededError')
      kept.set(key, value)
    },
    removeItem: (key) => void kept.delete(key),
    clear: () => kept.clear(),
  }
}
