import { expect, test } from 'vitest'
import { makeStorage } from './testing/storage.ts'
import { openUnsentStorage } from './unsent-storage.ts'

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
