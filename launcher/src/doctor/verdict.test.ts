import { expect, test } from 'vitest'
import { showFindings } from './show.ts'
import { type Findings, judge, type NodeFinding, type Problem } from './verdict.ts'

const address = '203.0.113.7'
const way = (protocol: 'udp' | 'tcp', answers = true, at = address) => ({
  ...{ protocol, answers, port: 40_000 },
  address: at,
})
const node: NodeFinding = {
  socket: { url: 'wss://chat.example/signalling' },
  resolved: [address],
  ways: [way('udp'), way('tcp')],
}
const relay = {
  ...{ url: 'turns:chat.example:5349', reached: true },
  ...{ allocated: 0, permitted: 0, forwarded: true },
}
const backing = { reachable: true as const, aheadMs: 3 }
const healthy: Findings = {
  worker: { runs: true, named: undefined },
  postgres: { ...backing, name: 'PostgreSQL', version: '15.18 (Debian 15.18-0)' },
  redis: { ...backing, name: 'Redis', version: '7.2.4' },
  page: { url: 'https://chat.example', aheadMs: -300 },
  events: { url: 'wss://chat.example/api/ws' },
  nodes: [node],
  relays: [relay],
}
const ids = (found: Partial<Findings>) => judge({ ...healthy, ...found }).map(({ id }) => id)

test('of a healthy house nothing is said', () => {
  expect(judge(healthy)).toEqual([])
  expect(showFindings(healthy, [])[0]).toMatch(/^Nothing is wrong/)
})

const cases: [Problem['id'], Partial<Findings>][] = [
  ['worker-missing', { worker: { runs: false, named: undefined } }],
  ['database-unreachable', { postgres: { reachable: false, reason: 'ECONNREFUSED' } }],
  ['database-too-old', { postgres: { ...backing, name: 'PostgreSQL', version: '12.9' } }],
  ['redis-unreachable', { redis: { reachable: false, reason: 'ECONNREFUSED' } }],
  ['redis-too-old', { redis: { ...backing, name: 'Redis', version: '5.0.14' } }],
  ['server-unreachable', { page: { url: 'https://chat.example', trouble: 'ECONNREFUSED' } }],
  ['no-https', { page: { url: 'http://chat.example' } }],
  ['clock-off', { page: { url: 'https://chat.example', aheadMs: 90_000 } }],
  ['clock-off', { redis: { ...backing, name: 'Redis', version: '8.0.0', aheadMs: -90_000 } }],
  ['websocket-refused', { events: { url: 'wss://chat.example/api/ws', trouble: 'refused' } }],
  ['websocket-cut', { events: { url: 'wss://chat.example/api/ws', cutAfterMs: 10_000 } }],
  ['websocket-cut', { nodes: [{ ...node, socket: { ...node.socket, cutAfterMs: 10_000 } }] }],
  ['sfu-missing', { nodes: [] }],
  ['sfu-unreachable', { nodes: [{ ...node, socket: { ...node.socket, trouble: '1006' } }] }],
  ['call-secret-mismatch', { nodes: [{ ...node, refusal: 'UNAUTHORIZED', ways: [] }] }],
  ['clock-off', { nodes: [{ ...node, refusal: 'TOKEN_EXPIRED', ways: [] }] }],
  ['sfu-refuses', { nodes: [{ ...node, refusal: 'LIMIT', ways: [] }] }],
  ['udp-blocked', { nodes: [{ ...node, ways: [way('udp', false), way('tcp')] }] }],
  ['media-ports-closed', { nodes: [{ ...node, ways: [way('udp', false), way('tcp', false)] }] }],
  ['wrong-announced-address', { nodes: [{ ...node, ways: [way('udp', false, '10.0.0.2')] }] }],
  ['turn-unreachable', { relays: [{ url: relay.url, reached: false }] }],
  ['turn-secret-mismatch', { relays: [{ url: relay.url, reached: true, allocated: 401 }] }],
  ['turn-refuses-sfu', { relays: [{ ...relay, permitted: 403, forwarded: undefined }] }],
  ['relay-ports-closed', { relays: [{ ...relay, forwarded: false }] }],
  ['relay-ports-closed', { relays: [{ url: relay.url, reached: true, allocated: 508 }] }],
  [
    'turn-certificate-expired',
    { relays: [{ ...relay, certificate: { problem: 'expired', detail: 'Jan 1' } }] },
  ],
  [
    'turn-certificate-untrusted',
    { relays: [{ ...relay, certificate: { problem: 'untrusted', detail: 'self-signed' } }] },
  ],
]

test.each(cases)('%s is named alone', (id, found) => {
  expect(ids(found)).toEqual([id])
})

test('one of several addresses is enough: a LAN has another than the internet', () => {
  const lan = [way('udp', false, '192.168.1.5'), way('tcp', false, '192.168.1.5')]
  expect(ids({ nodes: [{ ...node, ways: [...node.ways, ...lan] }] })).toEqual([])
})

test('a browser gives out the camera on this machine without HTTPS', () => {
  for (const url of ['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000']) {
    expect(ids({ page: { url } })).toEqual([])
  }
})

test('a relay is not blamed for an SFU that does not answer anybody', () => {
  const silent = { ...node, ways: [way('udp', false), way('tcp')] }
  expect(ids({ nodes: [silent], relays: [{ ...relay, forwarded: false }] })).toEqual([
    'udp-blocked',
  ])
})

test('the cause comes first, with its fix, and what follows from it after', () => {
  const found = {
    ...healthy,
    nodes: undefined,
    redis: { reachable: false as const, reason: 'ECONNREFUSED' },
    page: { url: 'https://chat.example', trouble: 'HTTP 502' },
  }
  const lines = showFindings(found, judge(found))
  expect(lines[0]).toBe('Verdict: Redis does not let us in (ECONNREFUSED).')
  expect(lines[1]).toMatch(/^Fix: Start it/)
  expect(lines.join('\n')).toContain('Also wrong')
})

test('several SFUs with the same fault need one fix', () => {
  const closed = { ...node, ways: [way('udp', false), way('tcp')] }
  expect(ids({ nodes: [closed, closed] })).toEqual(['udp-blocked'])
})
