import { expect, test } from 'vitest'
import { openDrafts } from './drafts.ts'
import { makeStorage } from './testing/storage.ts'

test('drafts outlive the page, each chat and each user apart', () => {
  const storage = makeStorage()
  const before = openDrafts('anna', storage)
  before.set('one', 'half a sen')
  before.set('two', 'another')
  openDrafts('boris', storage).set('one', 'not for Anna')
  const after = openDrafts('anna', storage)
  expect([after.get('one'), after.get('two'), after.get('three')]).toEqual([
    'half a sen',
    'another',
    '',
  ])
  after.set('one', '')
  expect(openDrafts('anna', storage).get('one')).toBe('')
  after.clear()
  expect(openDrafts('anna', storage).get('two')).toBe('')
  expect(openDrafts('boris', storage).get('one')).toBe('not for Anna')
})

test('a browser that keeps nothing keeps them as long as the page', () => {
  for (const storage of [null, makeStorage(0)]) {
    const drafts = openDrafts('anna', storage)
    drafts.set('one', 'half a sen')
    expect(drafts.get('one')).toBe('half a sen')
    drafts.clear()
    expect(drafts.get('one')).toBe('')
  }
})
