import { randomUUID } from 'node:crypto'
import type { ProbeClaims } from '@beseda/protocol/call-token'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Sfu } from '../build.ts'
import { putCall, sign, signToken } from '../testing/calls.ts'
import { connect, join } from '../testing/client.ts'
import { callTokenSecret, startTestSfu } from '../testing/node.ts'
import { capabilities } from '../testing/rtp.ts'
import { makeProbes } from './probe.ts'

let sfu: Sfu
beforeAll(async () => {
  sfu = await startTestSfu({ SFU_WORKERS: 2, SFU_ANNOUNCED_ADDRESS: ['203.0.113.7'] })
})
afterAll(() => sfu.close())

function probeToken(more: Partial<ProbeClaims> = {}) {
  const iat = Math.floor(Date.now() / 1000)
  const claims = { aud: 'sfu', sub: randomUUID(), probe: true, node: sfu.node, iat, exp: iat + 60 }
  return sign({ ...claims, ...more }, callTokenSecret)
}

const routers = async () => {
  const dumps = await Promise.all(sfu.pool.workers.map(({ worker }) => worker.dump()))
  return dumps.reduce((sum, { routerIds }) => sum + routerIds.length, 0)
}

test('opens a transport on every worker, as announced, until the socket closes', async () => {
  const before = await routers()
  const client = await connect(sfu)
  const { transports } = await client.request('probe', { token: probeToken() })
  const found = transports.flatMap(({ iceCandidates }) =>
    iceCandidates.map(({ address, port, protocol }) => `${protocol} ${address} ${port}`),
  )
  const ports = new Set(transports.flatMap((one) => one.iceCandidates.map(({ port }) => port)))
  expect(found).toHaveLength(4)
  expect(ports.size).toBe(2)
  expect(found.every((way) => way.includes('203.0.113.7'))).toBe(true)
  expect(await routers()).toBe(before + 2)
  client.socket.close()
  await expect.poll(routers).toBe(before)
})

test('a socket does one thing: a probe or a call', async () => {
  const call = await putCall(sfu)
  const client = await connect(sfu)
  await client.request('probe', { token: probeToken() })
  const again = { token: probeToken() }
  expect(await client.refusal('probe', again)).toBe('ALREADY_JOINED')
  const entry = { token: signToken(sfu, call), rtpCapabilities: capabilities }
  expect(await client.refusal('join', entry)).toBe('ALREADY_JOINED')
  client.socket.close()
  expect(await (await join(sfu, call)).refusal('probe', again)).toBe('ALREADY_JOINED')
})

test.each([
  ['of another node', { node: 'another' }, 'WRONG_NODE'],
  ['that has expired', { iat: 1, exp: 2 }, 'TOKEN_EXPIRED'],
  ['that is for something else', { aud: 'page' as never }, 'UNAUTHORIZED'],
])('a token %s is refused', async (_, more, code) => {
  const client = await connect(sfu)
  expect(await client.refusal('probe', { token: probeToken(more) })).toBe(code)
  client.socket.close()
})

test('the token of a call is none of a probe, and the other way round', async () => {
  const client = await connect(sfu)
  const call = signToken(sfu, await putCall(sfu))
  expect(await client.refusal('probe', { token: call })).toBe('UNAUTHORIZED')
  const entry = { token: probeToken(), rtpCapabilities: capabilities }
  expect(await client.refusal('join', entry)).toBe('UNAUTHORIZED')
  client.socket.close()
})

test('fifty at a time, for calls come first', async () => {
  const claims: ProbeClaims = { aud: 'sfu', sub: '', probe: true, node: 'here', iat: 0, exp: 0 }
  const deps = { node: 'here', pool: { workers: [] }, addresses: () => [], verify: () => claims }
  const { open } = makeProbes(deps)
  const all = []
  for (let i = 0; i < 50; i += 1) all.push(await open({ token: '' }, () => {}))
  await expect(open({ token: '' }, () => {})).rejects.toMatchObject({ code: 'LIMIT' })
  all[0]?.close()
  all[0]?.close()
  all.push(await open({ token: '' }, () => {}))
  await expect(open({ token: '' }, () => {})).rejects.toMatchObject({ code: 'LIMIT' })
  for (const probe of all) probe.close()
})
