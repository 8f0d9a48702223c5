import { expect, test } from 'vitest'
import { defaultSettings, readSettings } from './settings.ts'

test('keeps what was stored and fills in the rest', () => {
  const stored = JSON.stringify({ cameraId: 'usb', noise: 'strong', pushToTalk: true })
  expect(readSettings(stored)).toEqual({
    ...defaultSettings,
    cameraId: 'usb',
    noise: 'strong',
    pushToTalk: true,
  })
})

test.each([
  [null],
  [''],
  ['nonsense'],
  ['null'],
  ['7'],
  ['[]'],
  [JSON.stringify({ noise: 'loud', talkKey: '', preview: 'yes', microphoneId: 4, stranger: 1 })],
])('takes %j for no settings', (stored) => {
  expect(readSettings(stored)).toEqual(defaultSettings)
})
