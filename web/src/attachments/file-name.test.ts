import { expect, test } from 'vitest'
import { seemingKind, sizeText, splitName } from './file-name.ts'

test.each([
  ['holiday.jpg', 'holiday', '.jpg'],
  ['archive.tar.gz', 'archive.tar', '.gz'],
  ['README', 'README', ''],
  ['.profile', '.profile', ''],
  ['a.very-long-ending', 'a.very-long-ending', ''],
  ['Отчёт за год.документ', 'Отчёт за год', '.документ'],
])('%s is cut before its extension', (name, stem, extension) => {
  expect(splitName(name)).toEqual({ stem, extension })
})

test.each([
  ['image/png', 'image'],
  ['image/svg+xml', 'file'],
  ['video/mp4', 'video'],
  ['audio/ogg', 'audio'],
  ['text/html', 'file'],
  ['', 'file'],
])('%j seems to be: %s', (mimeType, kind) => {
  expect(seemingKind(mimeType)).toBe(kind)
})

test.each([
  [0, '0 bytes'],
  [5, '5 bytes'],
  [1000, '1,000 bytes'],
  [1536, '1.5 kB'],
  [52_428_800, '50 MB'],
  [3_565_158, '3.4 MB'],
  [2 ** 40, '1,024 GB'],
])('%i bytes are %s', (bytes, text) => {
  expect(sizeText(bytes, 'en')).toBe(text)
})

test('sizes are said in Russian too', () => {
  expect(sizeText(52_428_800, 'ru').replace(/\s/g, ' ')).toBe('50 МБ')
})
