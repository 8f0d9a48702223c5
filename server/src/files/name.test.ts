import { expect, test } from 'vitest'
import { cleanName, extensionOf } from './name.ts'

test.each([
  ['Отчёт за май.pdf', 'Отчёт за май.pdf'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\anna\\me.png', 'me.png'],
  ['a\u0000b\r\nc\u2028.txt', 'abc.txt'],
  ['photo\u202Egnp.exe', 'photognp.exe'],
  ['\u2066x\u2069\u200F.doc', 'x.doc'],
  ['می\u200Cخواهم.txt', 'می\u200Cخواهم.txt'],
  ['👩‍👩‍👧.png', '👩‍👩‍👧.png'],
  ['half \uD83D.txt', 'half .txt'],
  ['  x.txt ', 'x.txt'],
  ['', 'file'],
  ['..', 'file'],
  ['folder/', 'file'],
  ['.gitignore', '.gitignore'],
  [`${'я'.repeat(300)}.jpeg`, `${'я'.repeat(195)}.jpeg`],
  [`${'x'.repeat(199)}😀`, 'x'.repeat(199)],
  [`x.${'y'.repeat(300)}`, `x.${'y'.repeat(198)}`],
])('%j is kept as %j', (given, kept) => {
  expect(cleanName(given)).toBe(kept)
})

test.each([
  ['photo.PNG', 'png'],
  ['archive.tar.gz', 'gz'],
  ['README', ''],
  ['dot.', ''],
])('%s has the extension %j', (name, extension) => {
  expect(extensionOf(name)).toBe(extension)
})
