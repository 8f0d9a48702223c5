import { expect, test } from 'vitest'
import { answerOf } from './ice.ts'
import {
  type Results,
  runPreflight,
  type StepName,
  type Steps,
  stepNames,
  verdictOf,
} from './steps.ts'

const all: Results = Object.fromEntries(stepNames.map((name) => [name, 'passed']))

test.each<[ReturnType<typeof verdictOf>, Results]>([
  ['fine', {}],
  ['fine', { relay: 'absent' }],
  ['noServer', { server: 'failed' }],
  ['noEvents', { events: 'failed' }],
  ['noSignalling', { signalling: 'failed' }],
  ['onlyTcp', { udp: 'failed', relay: 'absent' }],
  ['onlyRelay', { udp: 'failed' }],
  ['onlyRelay', { udp: 'failed', tcp: 'failed' }],
  ['noMedia', { udp: 'failed', tcp: 'failed', relay: 'absent' }],
  ['noMedia', { udp: 'failed', tcp: 'failed', relay: 'failed' }],
  ['noRelay', { relay: 'failed' }],
  ['noMicrophone', { microphone: 'failed', camera: 'failed' }],
  ['noCamera', { camera: 'failed', relay: 'failed' }],
])('%s', (verdict, found) => {
  expect(verdictOf({ ...all, ...found })).toBe(verdict)
})

const passing = Object.fromEntries(
  stepNames.map((name) => [name, async () => 'passed']),
) as unknown as Steps

const going = new AbortController().signal

test('everything is tried in turn, and told', async () => {
  const told: (StepName | null)[] = []
  const results = await runPreflight(passing, going, (_, now) => told.push(now))
  expect(told).toEqual([...stepNames, null])
  expect(results).toEqual(all)
})

test('what fails is failed, what needs it is not tried, devices are', async () => {
  const steps = { ...passing, signalling: () => Promise.reject(new Error('away')) }
  const results = await runPreflight(steps, going, () => {})
  expect(results).toEqual({
    ...{ server: 'passed', events: 'passed', signalling: 'failed' },
    ...{ microphone: 'passed', camera: 'passed' },
  })
})

test('who closes the window is not asked for the camera', async () => {
  const closing = new AbortController()
  const tried: (StepName | null)[] = []
  await runPreflight(passing, closing.signal, (_, now) => {
    tried.push(now)
    if (now === 'relay') closing.abort()
  })
  expect(tried.at(-1)).toBe('relay')
})

test('the answer names the candidates that are to be tried, as browsers read them', () => {
  const common = {
    foundation: 'f',
    priority: 7,
    address: '203.0.113.7',
    ip: '',
    type: 'host' as const,
  }
  const sdp = answerOf(
    {
      iceParameters: { usernameFragment: 'name', password: 'word' },
      dtlsParameters: { fingerprints: [{ algorithm: 'sha-256', value: 'AB:CD' }] },
    },
    [
      { ...common, protocol: 'udp', port: 40_000 },
      { ...common, protocol: 'tcp', port: 40_001, tcpType: 'passive' },
    ],
  )
  const lines = sdp.split('\r\n')
  expect(lines).toContain('a=candidate:f 1 udp 7 203.0.113.7 40000 typ host')
  expect(lines).toContain('a=candidate:f 1 tcp 7 203.0.113.7 40001 typ host tcptype passive')
  expect(lines).toContain('a=fingerprint:sha-256 AB:CD')
  expect(lines.at(-1)).toBe('')
})
