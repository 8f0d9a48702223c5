import { expect, test } from 'vitest'
import {
  cardLines,
  cardOf,
  fullProcesses,
  limitOf,
  nextLoad,
  type Step,
  withLoad,
} from './capacity.ts'
import { type Outcome, type Sample, summarise } from './outcome.ts'
import { capacityReportOf } from './report.ts'
import { checkScenario } from './scenario.ts'
import type { Verdict } from './verdict.ts'

const range = { start: 2, least: 1, most: 1_000 }

/** All loads that are tried on a machine that carries so many. */
function climb(carries: number, from = range) {
  const trials: { load: number; limit: string | null }[] = []
  for (let load = nextLoad(trials, from); load !== null; load = nextLoad(trials, from)) {
    trials.push({ load, limit: load > carries ? 'too much' : null })
  }
  return trials.map(({ load }) => load)
}

test('the load is doubled until it is too much, then the last good one is looked for', () => {
  expect(climb(11)).toEqual([2, 4, 8, 16, 12, 10, 11])
  expect(climb(100)).toEqual([2, 4, 8, 16, 32, 64, 128, 96, 112, 104])
})

test('a machine that does not even carry the first load is tried with less, down to the least', () => {
  expect(climb(0)).toEqual([2, 1])
  expect(climb(1, { ...range, start: 8 })).toEqual([8, 4, 2, 1])
  expect(climb(1, { start: 8, least: 2, most: 10 })).toEqual([8, 4, 2])
})

test('nothing is tried beyond the most', () => {
  expect(climb(2_000, { ...range, start: 400 })).toEqual([400, 800, 1_000])
  expect(climb(5, { ...range, start: 20, most: 10 })).toEqual([10, 5, 7, 6])
})

const sample = (machine: Sample['machine']): Sample => ({
  at: 1,
  joined: 2,
  failures: 0,
  kbps: 8_000,
  lossPercent: 0,
  jitterMs: 1,
  lagMs: 1,
  mediaMs: 80,
  freezes: 0,
  machine,
  processes: [],
})
const worker = (threadPercent: number): Sample['machine'] => [
  { name: 'SFU worker', cpuPercent: threadPercent, threadPercent, memoryMb: 20 },
]
const process = { bots: 1, cpuPercent: 40, memoryMaxMb: 90, lagMs: 2, ended: null }
const outcome: Outcome = {
  url: 'http://127.0.0.1:3000',
  seed: 1,
  startedAt: '2026-01-01T00:00:00.000Z',
  seconds: 4,
  calls: ['calls'],
  bots: [
    {
      name: 'bot',
      call: 'calls',
      joins: 1,
      joinMs: [],
      mediaMs: [],
      frameMs: [],
      answerMs: [],
      tracks: [],
      soundGapMs: 0,
      seconds: [1, 2, 3, 4].map(() => ({ kbps: 8_000, layers: { 1280: 3, 640: 1 } })),
      failures: [],
    },
  ],
  samples: [1, 2, 3, 4].map(() => sample(worker(96))),
  ringMs: [],
  messages: { sent: 0, delivered: 0, lost: 0, deliveryMs: [] },
  failures: [],
  processes: [process],
  lagMs: 2,
  cpuPercent: 40,
}
const passed: Verdict = { passed: true, checks: [], distrust: null }
const loss = { what: 'loss', value: 3.456, limit: 1, unit: '%', kept: false } as const
const idle = { ...outcome, samples: [sample(worker(10))] }

test('a core is full when it was for some seconds', () => {
  expect(fullProcesses(outcome.samples)).toEqual(['SFU worker'])
  expect(fullProcesses(outcome.samples.slice(0, 2))).toEqual([])
})

test('the bots themselves are named before anything else that was too much', () => {
  const summary = { ...summarise(idle), cores: 2 }
  const why = (verdict: Verdict, of: Outcome, cores = 2) =>
    limitOf(verdict, { ...summary, cores }, of)
  expect(why(passed, idle)).toBeNull()
  expect(why(passed, outcome)).toBe('no core left for SFU worker')
  const late = { ...passed, distrust: 'late' }
  const processes = (...percents: number[]) =>
    percents.map((cpuPercent) => ({ ...process, cpuPercent, lagMs: 140 }))
  const busy = { ...idle, processes: processes(97.4, 20), cpuPercent: 117.4, lagMs: 140 }
  expect(why(late, busy)).toBe("the bots' own CPU was the limit: 117 % of a core, 140 ms late")
  const both = { ...idle, processes: processes(76, 75), cpuPercent: 151, lagMs: 140 }
  expect(why(late, both)).toBe(
    'bots, server and SFU had all cores of this machine, the bots: 151 % of a core, 140 ms late',
  )
  expect(why(late, both, 4)).toBe(
    'the machine gave the bots too little CPU: 151 % of a core, 140 ms late',
  )
  const gone = { ...idle, processes: [{ ...process, ended: 'SIGKILL' }] }
  expect(why(late, gone)).toBe('a process of the bots ended (SIGKILL)')
  const full = { ...idle, failures: [{ what: 'The call is full.', times: 2 }] }
  expect(why({ ...passed, checks: [loss] }, full)).toBe('loss 3.46 % (The call is full.)')
})

const scenario = checkScenario({ calls: [{ participants: 4, video: 'all' }] }, 'test')
const step = (load: number, limit: string | null): Step => ({
  load,
  limit,
  outcome: idle,
  summary: summarise(outcome),
  verdict: passed,
})

test('the card says what the machine carries, and what broke first', () => {
  const steps = [step(2, null), step(8, 'loss 9 %'), step(4, null), step(6, 'loss 3 %')]
  const card = cardOf(scenario, 'calls', steps)
  expect(card).toMatchObject({ load: 4, broke: { load: 6, why: 'loss 3 %' }, mbps: 8 })
  const lines = cardLines(card, scenario)
  expect(lines[0]).toMatch(/^On this machine \(.+\): 4 calls of 4$/)
  expect(lines[1]).toContain('pictures: 3 at 1280 pixels, 1 at 640 pixels, 8.0 Mbit/s')
  expect(lines[2]).toBe('  Too much: 6 calls of 4: loss 3 %')
  const page = capacityReportOf(card, scenario, steps)
  expect(page).toContain('6 calls of 4: loss 3 %')
  expect(page).not.toMatch(/(src|href)=/)
})

test('a machine that carries nothing gets a card that says so', () => {
  const card = cardOf(scenario, 'participants', [step(2, 'loss 9 %')])
  expect(card).toMatchObject({ load: 0, carries: 'not even the first load' })
  expect(cardLines(card, scenario)[1]).toBe('  Too much: a call of 2: loss 9 %')
})

test('the first calls of a scenario are what is raised', () => {
  expect(withLoad(scenario, 'calls', 7).calls[0]).toMatchObject({ count: 7, participants: 4 })
  expect(withLoad(scenario, 'participants', 7).calls[0]).toMatchObject({ participants: 7 })
})
