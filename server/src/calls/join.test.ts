import { expect, test } from 'vitest'
import { iceServersFor } from './ice.ts'
import { signallingUrl } from './join.ts'
import { chooseNode } from './nodes.ts'

const none = {
  TURN_SERVER_URL: undefined,
  TURN_SECRET: undefined,
  TURN_USERNAME: undefined,
  TURN_PASSWORD: undefined,
}
const urls = ['turn:turn.test:3478', 'turns:turn.test:5349']

test.each([
  ['http://localhost:3000', null, 'ws://localhost:3001/signalling'],
  ['https://beseda.test', null, 'wss://beseda.test:3001/signalling'],
  ['http://[::1]:3000', null, 'ws://[::1]:3001/signalling'],
  ['http://localhost:3000', 'wss://media.test', 'wss://media.test/signalling'],
  ['http://localhost:3000', 'wss://media.test/sfu/', 'wss://media.test/sfu/signalling'],
])('from %s with %s the socket is %s', (origin, publicUrl, url) => {
  expect(signallingUrl({ publicUrl, port: 3001 }, origin)).toBe(url)
})

test('without a relay there are no ICE servers', () => {
  expect(iceServersFor('anna', none, 0)).toEqual([])
})

test('a shared secret makes credentials as coturn computes them', () => {
  const settings = { ...none, TURN_SERVER_URL: urls, TURN_SECRET: 'north' }
  // printf '43201:anna' | openssl dgst -sha1 -hmac north -binary | base64
  const credential = 'icSu2gZoSRy+KtgCHoM+iRYalnE='
  expect(iceServersFor('anna', settings, 1_000)).toEqual([
    { urls, username: '43201:anna', credential },
  ])
})

test('a fixed user is handed out as it is', () => {
  const fixed = { TURN_USERNAME: 'user', TURN_PASSWORD: 'pass' }
  const settings = { ...none, TURN_SERVER_URL: urls, ...fixed }
  expect(iceServersFor('anna', settings, 0)).toEqual([
    { urls, username: 'user', credential: 'pass' },
  ])
})

const node = (name: string, load: number, draining = false) => ({
  node: name,
  load,
  draining,
  publicUrl: null,
  port: 3001,
  rtpCapabilities: { codecs: [] },
})

test('the least loaded node that is not draining takes the call', () => {
  expect(chooseNode([node('a', 5), node('b', 0, true), node('c', 2)])?.node).toBe('c')
  expect(chooseNode([node('b', 0, true)])).toBeNull()
  expect(chooseNode([])).toBeNull()
})

test('equally loaded nodes take turns by chance', () => {
  const nodes = [node('a', 1), node('b', 1), node('c', 2)]
  expect([0, 0.5, 0.99].map((chance) => chooseNode(nodes, () => chance)?.node)).toEqual([
    'a',
    'b',
    'b',
  ])
})
