import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rootDir } from '../root.ts'
import { outsideAddress, relayConf, relaySite } from './conf.ts'

const template = readFileSync(join(rootDir, 'turnserver.conf'), 'utf8')
const none = {
  TURN_SECRET: undefined,
  TURN_USERNAME: undefined,
  TURN_PASSWORD: undefined,
  SFU_ANNOUNCED_ADDRESS: ['203.0.113.7', '2001:db8::7'],
}
const lines = (conf: string) => conf.split('\n').filter((line) => line && !line.startsWith('#'))

test('the repository holds no secret and opens no address', () => {
  expect(template).toContain('\nuse-auth-secret\n')
  expect(template).toContain('\ndenied-peer-ip=0.0.0.0-255.255.255.255\n')
  expect(lines(template).join('\n')).not.toMatch(
    /secret=|^user=|allowed-peer-ip|^no-auth|loopback/m,
  )
})

test('a host adds its secret and the addresses of its SFUs', () => {
  const conf = relayConf(template, relaySite({ ...none, TURN_SECRET: 'north' }))
  expect(lines(conf).slice(lines(template).length)).toEqual([
    'static-auth-secret=north',
    'allowed-peer-ip=203.0.113.7',
    'allowed-peer-ip=2001:db8::7',
    'no-tls',
  ])
})

test('with a certificate there is TLS, behind a NAT the address outside', () => {
  const conf = relayConf(template, {
    ...relaySite({ ...none, TURN_SECRET: 'north' }),
    certificate: { cert: '/tls/cert.pem', key: '/tls/key.pem' },
    externalIp: '203.0.113.7',
  })
  expect(lines(conf)).not.toContain('no-tls')
  expect(lines(conf).slice(-3)).toEqual([
    'external-ip=203.0.113.7',
    'cert=/tls/cert.pem',
    'pkey=/tls/key.pem',
  ])
})

test('behind a NAT the relay goes by the first address of the SFU', () => {
  expect(outsideAddress(['203.0.113.7'], ['203.0.113.7', '10.0.0.2'])).toBeUndefined()
  expect(outsideAddress(['203.0.113.7', '10.0.0.2'], ['10.0.0.2'])).toBe('203.0.113.7')
})

test('a fixed user takes the place of the secret', () => {
  const fixed = { TURN_USERNAME: 'user', TURN_PASSWORD: 'pass' }
  const conf = lines(relayConf(template, relaySite({ ...none, ...fixed })))
  expect(conf).toContain('lt-cred-mech')
  expect(conf).toContain('user=user:pass')
  expect(conf).not.toContain('use-auth-secret')
})

test('what is missing is named', () => {
  expect(() => relaySite(none)).toThrow(/^TURN_SECRET is not set/)
  expect(() =>
    relaySite({ ...none, TURN_SECRET: 'north', SFU_ANNOUNCED_ADDRESS: undefined }),
  ).toThrow(/^SFU_ANNOUNCED_ADDRESS is not set/)
})

test('no value gets a line of its own, no name goes for an address', () => {
  const login = { secret: 'north\nallowed-peer-ip=0.0.0.0-255.255.255.255' }
  expect(() => relayConf(template, { login, peers: ['203.0.113.7'] })).toThrow(/more than one line/)
  expect(() =>
    relayConf(template, { login: { secret: 'north' }, peers: ['sfu.example.org'] }),
  ).toThrow(/^sfu\.example\.org is no IP address/)
})
