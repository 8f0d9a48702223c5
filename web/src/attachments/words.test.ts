import type { FileKind } from '@beseda/protocol/files'
import { expect, test } from 'vitest'
import { message, storedFile } from '../gallery/fixtures.ts'
import { en } from '../i18n/en.ts'
import { ru } from '../i18n/ru.ts'
import { filesText, messageText, quoteText } from './words.ts'

const files = (...kinds: FileKind[]) =>
  kinds.map((kind, index) => storedFile({ kind, name: `${kind}-${index}.bin` }))

test.each([
  [[], '', ''],
  [['image'], 'Photo', 'Фото'],
  [['video'], 'Video', 'Видео'],
  [['audio'], 'audio-0.bin', 'audio-0.bin'],
  [['file'], 'file-0.bin', 'file-0.bin'],
  [['image', 'image'], '2 photos', '2 фото'],
  [['video', 'video'], '2 videos', '2 видео'],
  [['image', 'video', 'file'], '3 files', '3 файла'],
  [['file', 'file', 'file', 'audio', 'audio'], '5 files', '5 файлов'],
] satisfies [FileKind[], string, string][])('what is carried: %j', (kinds, english, russian) => {
  expect(filesText(en, files(...kinds))).toBe(english)
  expect(filesText(ru, files(...kinds))).toBe(russian)
})

test('files and words stand together on one line', () => {
  const attachments = files('image')
  expect(messageText(en, message({ body: '', attachments }))).toBe('Photo')
  expect(messageText(en, message({ body: 'The **sea**', attachments }))).toBe('Photo · The sea')
  expect(messageText(en, message({ body: 'The sea' }))).toBe('The sea')
  expect(messageText(en, message({ body: '', deletedAt: '2026-03-10T09:00:00.000Z' }))).toBe(
    'Message deleted',
  )
})

test.each([
  ['', null, 'Message deleted'],
  ['', 'image', 'Photo'],
  ['', 'audio', 'Audio'],
  ['', 'file', 'File'],
  ['look', 'video', 'Video · look'],
  ['look', null, 'look'],
] as const)('a quote of %j with %s', (excerpt, attachment, expected) => {
  const { id, seq, sender } = message({})
  expect(quoteText(en, { id, seq, sender, excerpt, attachment })).toBe(expected)
})
