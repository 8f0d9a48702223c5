import { SignallingError } from '@beseda/client/calls/signalling'
import { RequestError } from '@beseda/client/rest'
import { expect, test } from 'vitest'
import type { TrackCounts } from './counter.ts'
import { explain } from './failure.ts'
import { addSeconds, type BotOutcome, group, type Outcome, summarise } from './outcome.ts'
import { reportOf } from './report.ts'
import { checkScenario } from './scenario.ts'
import { makeScreen, verdictLines } from './show.ts'
import { judge, whyLate } from './verdict.ts'

const track: TrackCounts = {
  kind: 'audio',
  packets: 990,
  bytes: 80_000,
  lost: 10,
  repaired: 20,
  jitterMs: 4,
  longestGapMs: 120,
  keyFrames: 0,
  switches: 0,
  width: null,
  firstAt: 1,
  frames: 0,
  firstFrameAt: null,
  freezes: 0,
  frozenMs: 0,
  longestFreezeMs: 0,
  watchedMs: 0,
}
const bot: BotOutcome = {
  name: 'bot <1>',
  call: 'pair',
  joins: 1,
  joinMs: [40],
  mediaMs: [100],
  frameMs: [],
  answerMs: [],
  tracks: [track],
  soundGapMs: 120,
  failures: [],
  seconds: [
    { kbps: 32, layers: {} },
    { kbps: 30, layers: { 320: 1 } },
  ],
}
const process = { bots: 2, cpuPercent: 9, memoryMaxMb: 90, lagMs: 2, ended: null }
const good: Outcome = {
  url: 'http://127.0.0.1:3000',
  seed: 1,
  startedAt: '2026-01-01T00:00:00.000Z',
  seconds: 10,
  calls: ['pair'],
  bots: [bot, bot],
  samples: [
    {
      at: 1,
      joined: 2,
      failures: 0,
      kbps: 64,
      lossPercent: 1,
      jitterMs: 4,
      lagMs: 1,
      mediaMs: 100,
      freezes: 0,
      machine: [
        { name: 'server', cpuPercent: 3.4, threadPercent: 2, memoryMb: 120 },
        { name: 'SFU worker 1', cpuPercent: 12, threadPercent: 12, memoryMb: 20 },
        { name: 'SFU worker 2', cpuPercent: 8, threadPercent: 8, memoryMb: 20 },
      ],
      processes: [{ cpuPercent: 9, memoryMb: 90, lagMs: 1 }],
    },
  ],
  ringMs: [20],
  messages: { sent: 0, delivered: 0, lost: 0, deliveryMs: [] },
  failures: [],
  processes: [process],
  lagMs: 2,
  cpuPercent: 10,
}
const scenario = checkScenario({ calls: [{}] }, 'test')
const judged = (outcome: Outcome) => judge(scenario, summarise(outcome), outcome)
const broken = (outcome: Outcome) =>
  judged(outcome).checks.flatMap(({ kept, what }) => (kept ? [] : [what]))

test('all thresholds kept is passed', () => {
  expect(judged(good)).toMatchObject({ passed: true, distrust: null })
  expect(summarise(good)).toMatchObject({
    lossPercent: 1,
    sound: { firstPercent: 3, repairedPercent: 2, lostPercent: 1 },
    pictures: { firstPercent: 0, repairedPercent: 0, lostPercent: 0 },
    joins: 2,
    mediaMs: { p50: 100 },
  })
})

test('each threshold breaks the verdict, and so does a call in which nothing came', () => {
  expect(broken({ ...good, failures: group(['x', 'x']) })).toEqual(['failures'])
  expect(broken({ ...good, bots: [{ ...bot, mediaMs: [4_000] }] })).toEqual(['join to media, p95'])
  expect(broken({ ...good, bots: [{ ...bot, mediaMs: [] }] })).toEqual(['join to media, p95'])
  const tracks = [{ ...track, lost: 30, jitterMs: 60 }]
  expect(broken({ ...good, bots: [{ ...bot, tracks, soundGapMs: 1_001 }] })).toEqual([
    'loss',
    'jitter, p95',
    'longest hole in sound',
  ])
  expect(judged({ ...good, failures: group(['x']) }).passed).toBe(false)
})

test('pictures are judged by their first frame and by how long they stood still', () => {
  const video = checkScenario({ calls: [{ video: 1 }] }, 'test')
  const frozen = { ...track, watchedMs: 10_000, frozenMs: 300, freezes: 1, longestFreezeMs: 300 }
  const outcome = { ...good, bots: [{ ...bot, frameMs: [150], tracks: [frozen] }] }
  const names = (of: Outcome) =>
    judge(video, summarise(of), of).checks.flatMap(({ kept, what }) => (kept ? [] : [what]))
  expect(names(outcome)).toEqual(['pictures frozen'])
  expect(names(good)).toEqual(['join to first frame, p95'])
  expect(summarise(outcome)).toMatchObject({ frozenPercent: 3, longestFreezeMs: 300 })
})

test('an answer to a ring that brings no media for long breaks the verdict', () => {
  expect(broken({ ...good, bots: [{ ...bot, answerMs: [3_500] }] })).toEqual(['ring to media, p95'])
})

test('what server and workers took is told by process, or that they are not here', () => {
  const { machine } = summarise(good)
  expect(machine).toHaveLength(3)
  expect(machine[0]).toMatchObject({ name: 'server', cpuMaxPercent: 3.4, memoryMaxMb: 120 })
  const lines = (of: Outcome) => verdictLines(summarise(of), judged(of), of).join('\n')
  expect(lines(good)).toMatch(/SFU worker 2 +8 % of a core, at most 8 %, 20 MB/)
  expect(lines({ ...good, samples: [] })).toContain('not on this machine')
})

test('what bots received is added up second by second', () => {
  expect(addSeconds([bot, bot])).toEqual([
    { kbps: 64, layers: {} },
    { kbps: 60, layers: { 320: 2 } },
  ])
})

test('bots that were late themselves are not believed, whatever they measured', () => {
  const { passed, distrust } = judged({ ...good, lagMs: 150 })
  expect(passed).toBe(false)
  expect(distrust).toContain('Not to be trusted: the bots themselves were 150 ms late')
  expect(distrust).toContain('Other processes of this machine kept them waiting.')
  const processes = [process, { ...process, cpuPercent: 95, lagMs: 150 }]
  const own = { ...good, processes, lagMs: 150, cpuPercent: 105 }
  expect(whyLate(own, { ...summarise(own), cores: 2 })).toBe('own')
  expect(judged(own).distrust).toContain('se fewer bots')
  const full = { ...good, lagMs: 150, cpuPercent: 150 }
  expect(whyLate(full, { ...summarise(full), cores: 2 })).toBe('full')
})

test('a run of which a process ended is not believed, however many failures are allowed', () => {
  const processes = [process, { ...process, bots: 3, ended: 'SIGKILL' }]
  const { passed, distrust } = judged({ ...good, processes })
  expect(passed).toBe(false)
  expect(distrust).toContain('of 2 processes of the bots 1 ended before their time (SIGKILL)')
  expect(distrust).toContain('3 bots')
})

test('the page and the lines tell what each process of the bots took', () => {
  const processes = [process, { ...process, cpuPercent: 31, ended: 'SIGKILL' }]
  const outcome = { ...good, processes, cpuPercent: 41 }
  const [first] = verdictLines(summarise(outcome), judged(outcome), outcome)
  expect(first).toContain('41 % of a core in 2 processes, the busiest 31 %.')
  const page = reportOf(summarise(outcome), judged(outcome), outcome)
  expect(page).toContain('bots 2 (2): ended (SIGKILL)')
})

test('a scenario of messages is judged by messages', () => {
  const storm = checkScenario({ chat: { members: 2, messagesPerSecond: 1 } }, 'test')
  const messages = { sent: 3, delivered: 2, lost: 1, deliveryMs: [20, 30] }
  const outcome = { ...good, bots: [], messages }
  const { checks } = judge(storm, summarise(outcome), outcome)
  expect(checks.map(({ what, kept }) => [what, kept])).toEqual([
    ['failures', true],
    ['message delivery, p95', true],
    ['messages lost', false],
  ])
})

test('a failure is one line that says what to do', () => {
  const url = 'http://chat.example'
  expect(explain(new RequestError('NETWORK', ''), url)).toBe(`No server answers at ${url}.`)
  expect(explain(new RequestError('RATE_LIMITED', ''), url)).toContain('RATE_LIMITS=off')
  expect(explain(new RequestError('CALL_FULL', ''), url)).toBe('The call is full.')
  expect(explain(new SignallingError('TIMEOUT', ''), url)).toContain('The SFU does not answer')
  expect(explain(new Error('something else'), url)).toBe('something else')
})

test('the lines at the end tell figures, failures and the verdict', () => {
  const outcome = { ...good, failures: group(['The call is full.', 'The call is full.']) }
  const lines = verdictLines(summarise(outcome), judged(outcome), outcome)
  expect(lines).toContain('  2 × The call is full.')
  expect(lines.at(-1)).toBe('Not passed.')
  expect(verdictLines(summarise(good), judged(good), good).at(-1)).toBe('Passed.')
})

test('what was repaired is told beside what was lost, of sound and of pictures', () => {
  const tracks = [track, { ...track, kind: 'video' as const, lost: 0, packets: 980 }]
  const outcome = { ...good, bots: [{ ...bot, tracks }] }
  const lines = verdictLines(summarise(outcome), judged(outcome), outcome).join('\n')
  expect(lines).toMatch(/packets of sound +3 % did not come at first: 2 % came .+, 1 % never/)
  expect(lines).toMatch(/packets of pictures +2\.04 % did not come at first: 2\.04 % .+, 0 % never/)
  const clean = { ...good, bots: [{ ...bot, tracks: [{ ...track, lost: 0, repaired: 0 }] }] }
  expect(verdictLines(summarise(clean), judged(clean), clean).join('\n')).not.toContain(
    'packets of',
  )
})

test('the report escapes names, draws the samples and loads nothing', () => {
  const page = reportOf(summarise(good), judged(good), good)
  expect(page).toContain('bot &#60;1&#62;')
  expect(page).toContain('<polyline')
  expect(page).not.toMatch(/(src|href)=/)
})

test('on a terminal the table is renewed in place', () => {
  const written: string[] = []
  const screen = makeScreen({ isTTY: true, write: (text) => written.push(text) })
  const [sample] = good.samples
  if (!sample) throw new Error('no sample')
  screen.onSignedIn(2, 2)
  screen.onSample(sample)
  screen.onSample(sample)
  expect(written.filter((text) => text.includes('joined'))).toHaveLength(1)
  expect(written.at(-1)).toMatch(
    /^\r.*1 s +2 +0 +0\.1 Mbit\/s +1\.0 % +4\.0 ms +0 +1 ms +100 ms +9 % \/ 3 % \/ – \/ 20 %$/,
  )
})
