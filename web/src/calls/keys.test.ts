import { expect, test } from 'vitest'
import { en } from '../i18n/en.ts'
import { type Deed, deedOf, keyName, shortcutList } from './keys.ts'

const press = (code: string, change: Partial<KeyboardEvent> = {}) => ({
  code,
  key: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  repeat: false,
  ...change,
})

test.each<[string, Partial<KeyboardEvent>, Deed | null]>([
  ['KeyM', { key: 'm' }, 'microphone'],
  ['KeyM', { key: 'ь' }, 'microphone'],
  ['KeyD', { key: 'd' }, 'deafen'],
  ['KeyD', { ctrlKey: true }, 'microphone'],
  ['KeyD', { metaKey: true }, 'microphone'],
  ['KeyE', { ctrlKey: true }, 'camera'],
  ['KeyM', { ctrlKey: true }, null],
  ['KeyM', { shiftKey: true }, null],
  ['KeyM', { altKey: true }, null],
  ['KeyM', { repeat: true }, null],
  ['Digit7', { key: '?', shiftKey: true }, 'help'],
  ['KeyZ', {}, null],
])('%s with %j does %s', (code, change, deed) => {
  expect(deedOf(press(code, change), true)).toBe(deed)
})

test('without letter keys only those with Control are left', () => {
  expect(deedOf(press('KeyM'), false)).toBeNull()
  expect(deedOf(press('Slash', { key: '?' }), false)).toBeNull()
  expect(deedOf(press('KeyD', { ctrlKey: true }), false)).toBe('microphone')
})

test('names keys as they are printed', () => {
  expect(keyName(en, 'Space')).toBe('Space')
  expect(keyName(en, 'KeyQ')).toBe('Q')
  expect(keyName(en, 'Digit4')).toBe('4')
  expect(keyName(en, 'ControlLeft')).toBe('Control Left')
})

test('the help names every shortcut once', () => {
  const deeds = shortcutList(en).map(({ deed }) => deed)
  expect(new Set(deeds).size).toBe(deeds.length)
  expect(shortcutList(en)[0]).toEqual({ deed: 'microphone', keys: ['M', 'Ctrl + D'] })
})
