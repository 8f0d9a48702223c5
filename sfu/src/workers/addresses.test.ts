import type { NetworkInterfaceInfo } from 'node:os'
import { expect, test } from 'vitest'
import { announcedAddresses } from './addresses.ts'

function entry(address: string, internal = false): NetworkInterfaceInfo {
  const common = { address, netmask: '', mac: '', cidr: null, internal }
  return address.includes(':')
    ? { ...common, family: 'IPv6', scopeid: 0 }
    : { ...common, family: 'IPv4' }
}

const interfaces = () => ({
  lo: [entry('127.0.0.1', true), entry('::1', true)],
  eth0: [entry('192.168.1.5'), entry('fe80::1'), entry('2001:db8::5')],
  gone: undefined,
})

const cases: [string, string[] | undefined, string[]][] = [
  ['127.0.0.1', undefined, ['127.0.0.1']],
  ['0.0.0.0', undefined, ['192.168.1.5', '127.0.0.1']],
  ['::', undefined, ['192.168.1.5', '2001:db8::5', '127.0.0.1', '::1']],
  ['0.0.0.0', ['203.0.113.7', '192.168.1.5'], ['203.0.113.7', '192.168.1.5']],
  ['127.0.0.1', ['sfu.example.org'], ['sfu.example.org']],
  ['192.168.1.5', [], ['192.168.1.5']],
]

for (const [host, configured, expected] of cases) {
  test(`listening on ${host}, told ${configured ?? 'nothing'}: ${expected}`, () => {
    expect(announcedAddresses(host, configured, interfaces)).toEqual(expected)
  })
}
