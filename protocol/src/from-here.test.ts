import { expect, test } from 'vitest'
import { isFromHere } from './from-here.ts'

test.each([
  ['127.0.0.1', '127.0.0.1', {}, true],
  ['::1', '::1', {}, true],
  ['::ffff:127.0.0.1', '::ffff:127.0.0.1', {}, true],
  ['192.0.2.5', '192.0.2.5', {}, true],
  ['192.0.2.9', '192.0.2.5', {}, false],
  ['172.18.0.1', '172.18.0.3', {}, false],
  ['1270.0.0.1', '192.0.2.5', {}, false],
  ['127.0.0.1', '127.0.0.1', { 'x-forwarded-for': '203.0.113.7' }, false],
  ['127.0.0.1', '127.0.0.1', { forwarded: 'for=203.0.113.7' }, false],
  ['127.0.0.1', '127.0.0.1', { 'x-real-ip': '127.0.0.1' }, false],
  [undefined, undefined, {}, false],
])('from %s to %s with %j: %s', (remoteAddress, localAddress, headers, expected) => {
  expect(isFromHere({ socket: { remoteAddress, localAddress }, headers })).toBe(expected)
})
