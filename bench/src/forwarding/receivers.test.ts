import { expect, test } from 'vitest'
import { isRtp } from './receivers.ts'

test.each([
  [[0x90, 0x60], true],
  [[0x80, 0xe0], true],
  [[0x80, 0x6f], true],
  [[0x81, 0xc8], false],
  [[0x81, 0xcd], false],
  [[0x00, 0x01], false],
  [[0x17, 0xfe], false],
  [[], false],
])('tells RTP from what else comes on its port: %j', (bytes, expected) => {
  expect(isRtp(Buffer.from(bytes))).toBe(expected)
})
