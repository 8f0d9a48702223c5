import { expect, test } from 'vitest'
import { cacheKey, cacheKeyHere, cacheRoot, parseDistribution } from './cache.ts'

const parts = {
  version: '3.27.1',
  platform: 'linux',
  arch: 'x64',
  distribution: 'debian-12',
  recipeHash: 'abc',
  libraries: { openssl: '3', libuv: '1.44.2' },
}

test('the key names version, platform and distribution', () => {
  expect(cacheKey(parts)).toMatch(/^3\.27\.1-linux-x64-debian-12-[0-9a-f]{12}$/)
})

test.each([
  ['version', { version: '3.27.2' }],
  ['platform', { platform: 'darwin' }],
  ['arch', { arch: 'arm64' }],
  ['distribution', { distribution: 'debian-13' }],
  ['recipe', { recipeHash: 'abd' }],
  ['library', { libraries: { openssl: '3', libuv: '1.50.0' } }],
])('another %s is another key', (_, change) => {
  expect(cacheKey({ ...parts, ...change })).not.toBe(cacheKey(parts))
})

test('the order of the libraries does not matter', () => {
  const libraries = { libuv: '1.44.2', openssl: '3' }
  expect(cacheKey({ ...parts, libraries })).toBe(cacheKey(parts))
})

test('of OpenSSL only the major version counts', () => {
  expect(cacheKeyHere('3.27.1').libraries.openssl).toMatch(/^(\d+|absent)$/)
})

test.each([
  ['ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm', 'debian-12'],
  ['NAME="Arch Linux"\nID=arch', 'arch'],
  ['ID="opensuse-leap"\nVERSION_ID="15.6"', 'opensuse-leap-15.6'],
  ['ID=x/../y', 'x_.._y'],
  ['', 'unknown'],
])('reads the distribution from %j', (text, expected) => {
  expect(parseDistribution(text)).toBe(expected)
})

test('the cache is outside the repository', () => {
  expect(cacheRoot({ XDG_CACHE_HOME: '/cache' })).toBe('/cache/beseda/mediasoup-worker')
  expect(cacheRoot({})).toMatch(/\.cache\/beseda\/mediasoup-worker$/)
})
