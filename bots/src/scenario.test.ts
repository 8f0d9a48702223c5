import { expect, test } from 'vitest'
import { readFlags } from './flags.ts'
import { checkScenario, readScenario, ScenarioError } from './scenario.ts'

const complaint = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (error instanceof ScenarioError) return error.message
    throw error
  }
  return 'nothing was wrong'
}

test('what is wrong in a file is told with its place, each in a line', () => {
  const value = {
    url: 'ftp://chat.example',
    calls: [{}, {}, { participants: 0 }],
    chatt: true,
  }
  const lines = complaint(() => checkScenario(value, 'scenario.json')).split('\n')
  expect(lines.map((line) => line.split(': ').slice(0, 2).join(': '))).toEqual([
    'scenario.json: url',
    'scenario.json: calls.2.participants',
    'scenario.json: Unrecognized key',
  ])
  expect(complaint(() => checkScenario({ calls: [{ participants: 3, video: 4 }] }, 'x.json'))).toBe(
    'x.json: calls.0.video: more than the 3 participants',
  )
  expect(complaint(() => checkScenario({}, 'x.json'))).toBe(
    'x.json: calls: there is neither a call nor a chat',
  )
  expect(complaint(() => checkScenario({ calls: [{}], rampUp: 40 }, 'x.json'))).toBe(
    'x.json: rampUp: takes as long as the whole run (30 s)',
  )
  expect(complaint(() => readScenario('{', 'x.json'))).toContain('x.json: is not JSON')
})

test('flags make a scenario', () => {
  const args = '--bots 8 --participants 4 --video all --messages 2 --url http://chat.example/'
  const { scenario } = readFlags(args.split(' '))
  const made = checkScenario(scenario, '')
  expect(made).toMatchObject({ url: 'http://chat.example', duration: 30 })
  expect(made.calls).toMatchObject([{ count: 2, participants: 4, audio: 'all', video: 'all' }])
  expect(made.chat).toEqual({ type: 'group', members: 8, messagesPerSecond: 2 })
})

test('a bad network is asked for by flags', () => {
  const args = '--participants 4 --loss 5 --delay 40 --bandwidth 600 --impaired 1'
  const { calls } = checkScenario(readFlags(args.split(' ')).scenario, '')
  expect(calls[0]?.network).toEqual({ bots: 1, lossPercent: 5, delayMs: 40, kbps: 600 })
  expect(checkScenario({ calls: [{}] }, '').calls[0]?.network).toBeUndefined()
  expect(complaint(() => checkScenario({ calls: [{ network: { bots: 3 } }] }, 'x.json'))).toBe(
    'x.json: calls.0.network.bots: more than the 2 participants',
  )
})

test('the load is raised by calls or by participants', () => {
  expect(readFlags(['--capacity', 'calls'])).toMatchObject({
    capacity: 'calls',
    scenario: { duration: 15 },
  })
  expect(complaint(() => readFlags(['--capacity', 'bots']))).toContain('neither calls nor')
})

test('the full engine is not asked for what it does not have', () => {
  const calls = [{ codec: 'h264', network: { lossPercent: 5 } }]
  const lines = complaint(() => checkScenario({ engine: 'full', calls }, 'x.json'))
  expect(lines).toContain('x.json: calls.0.network: only the light engine has bad ones')
  expect(lines).toContain('x.json: calls.0.codec: the full engine has VP8 alone')
})

test('of more than a group holds one sends and the others listen', () => {
  const call = { participants: 300, audio: 1, video: 1 }
  expect(checkScenario({ calls: [call] }, 'x.json').calls[0]).toMatchObject(call)
  expect(complaint(() => checkScenario({ calls: [{ participants: 300 }] }, 'x.json'))).toBe(
    'x.json: calls.0.participants: of more than 100 one sends, the others listen',
  )
})

test('a flag that makes no sense is named', () => {
  expect(complaint(() => readFlags(['--bots', 'many']))).toBe('--bots: many is not a number')
  expect(complaint(() => readFlags(['--bots', '3', '--participants', '4']))).toContain('too few')
  expect(complaint(() => readFlags(['--botts', '3']))).toContain('--botts')
  expect(complaint(() => readFlags(['--scenario', 'x.json', '--video', '2']))).toBe(
    '--video: stands in x.json, not beside it',
  )
})
