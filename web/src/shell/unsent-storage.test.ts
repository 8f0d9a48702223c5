import { expect, test } from 'vitest'
import { openUnsentStorage } from './unsent-storage.ts'

/** The browser's storage; `room` is how many keys it takes. */
function makeStorage(room = Number.POSITIVE_INFINITY): Storage {
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

test('each user finds what is theirs, in the order of its keys', () => {
  const storage = makeStorage()
  const tab = openUnsentStorage(storage)
  const otherTab = openUnsentStorage(storage)
  otherTab.set('anna', '2', 'second')
  tab.set('anna', '1', 'first')
  tab.set('boris', '3', 'not for Anna')
  expect(tab.get('anna')).toEqual(['first', 'second'])
  tab.remove('anna', '1')
  expect(otherTab.get('anna')).toEqual(['second'])
  tab.clear('anna')
  expect(tab.get('anna')).toEqual([])
  expect(tab.get('boris')).toEqual(['not for Anna'])
  expect(storage.getItem('beseda.locale')).toBe('ru')
})

test('a browser that keeps nothing is no error', () => {
  for (const storage of [null, makeStorage(0)]) {
    const unsent = openUnsentStorage(storage)
    unsent.set('anna', '1', 'text')
    expect(unsent.get('anna')).toEqual([])
    unsent.remove('anna', '1')
    unsent.clear('anna')
  }
})
