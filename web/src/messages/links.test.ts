import { expect, test } from 'vitest'
import { readAddress, safeHref } from './links.ts'

test.each([
  ['no address', null],
  ['https://a.example/x?y=1#z, please', 'https://a.example/x?y=1#z'],
  ['https://a.example)', 'https://a.example'],
  ['https://a.example/wiki/B_(c)', 'https://a.example/wiki/B_(c)'],
  ['https://a.example/wiki/B_(c)).', 'https://a.example/wiki/B_(c)'],
  ['https://a.example**', 'https://a.example'],
  ['mailto:anna@a.example!', 'mailto:anna@a.example'],
  ['https://', null],
  ['javascript:alert(1)', null],
])('the address at the beginning of %j', (text, expected) => {
  expect(readAddress(text, 0)).toBe(expected)
})

test.each([
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\nscript:alert(1)',
  ' javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:x',
  'file:///etc/passwd',
  'blob:https://a.example/x',
  '//a.example',
  '/path',
])('%j is nowhere to go', (address) => {
  expect(safeHref(address)).toBeNull()
})
