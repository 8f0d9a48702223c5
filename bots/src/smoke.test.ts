import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Launched, launch } from '@beseda/launcher/launch'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Engine } from './engine.ts'
import { makeLightEngine } from './engines/light.ts'
import { RunError } from './failure.ts'
import { summarise } from './outcome.ts'
import { reportOf } from './report.ts'
import { run } from './run.ts'
import { checkScenario } from './scenario.ts'
import { judge } from './verdict.ts'

let beseda: Launched
let dataDir: string
let engine: Engine

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'beseda-bots-'))
  engine = makeLightEngine()
  const env = {
    ...process.env,
    PORT: '0',
    SFU_PORT: '0',
    SFU_RTC_PORT: '0',
    SFU_WORKERS: '1',
    DATA_DIR: dataDir,
    RATE_LIMITS: 'off',
  }
  beseda = await launch({ quiet: true, withoutWeb: true, env })
}, 60_000)

afterAll(async () => {
  engine.close()
  await beseda.close()
  await rm(dataDir, { recursive: true, force: true })
})

const watcher = { onSignedIn: () => {}, onSample: () => {} }
const start = (scenario: Parameters<typeof run>[0]) =>
  run(scenario, engine, watcher, new AbortController().signal)

test('twenty bots talk, show themselves and write, and the verdict is good', {
  timeout: 60_000,
}, async () => {
  const scenario = checkScenario(
    {
      url: beseda.url,
      duration: 8,
      rampUp: 3,
      calls: [
        { name: 'pair', count: 3, participants: 2 },
        { name: 'four', count: 2, participants: 4, video: 1 },
        { name: 'six', participants: 6, screen: 1, talkers: 2, turn: 2 },
      ],
      chat: { members: 20, messagesPerSecond: 4 },
      // What a machine busy with other tests can keep; what it can't is the bots' own lateness.
      thresholds: {
        joinP95Ms: 8_000,
        answerP95Ms: 8_000,
        frameP95Ms: 8_000,
        frozenPercent: 100,
        jitterP95Ms: 8_000,
        audioGapMs: 8_000,
        messageP95Ms: 8_000,
      },
    },
    'smoke',
  )
  const outcome = await start(scenario)
  const summary = summarise(outcome)
  const verdict = judge(scenario, summary, outcome)
  expect(outcome.failures).toEqual([])
  expect(verdict.checks.filter(({ kept }) => !kept)).toEqual([])
  expect(summary.joins).toBe(20)
  expect(summary.keyFrames).toBeGreaterThan(0)
  expect(summary.frames).toBeGreaterThan(summary.keyFrames)
  expect(summary.answerMs).not.toBeNull()
  const processes = ['server', 'SFU', 'SFU worker']
  expect(processes).toEqual(expect.arrayContaining(summary.machine.map(({ name }) => name)))
  expect(outcome.messages).toMatchObject({ delivered: outcome.messages.sent * 19, lost: 0 })
  const report = reportOf(summary, verdict, outcome)
  expect(report).toContain('six')
  expect(report).not.toMatch(/(src|href)=/)
})

test('a login that is refused is one clear line', async () => {
  const accounts = [{ username: 'nobody', password: 'wrong-password' }]
  const scenario = checkScenario({ url: beseda.url, calls: [{}], accounts }, 'smoke')
  await expect(start(scenario)).rejects.toThrow(
    new RunError('The server refused the login: wrong username or password.'),
  )
})

test('what is not Beseda, or nothing at all, is one clear line', async () => {
  const { port } = new URL(beseda.sfuUrl)
  const at = (url: string) => start(checkScenario({ url, calls: [{}] }, 'smoke'))
  await expect(at(`http://127.0.0.1:${port}`)).rejects.toThrow('is not Beseda')
  await expect(at('http://127.0.0.1:9')).rejects.toThrow('No server answers at http://127.0.0.1:9.')
})
