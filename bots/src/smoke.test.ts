import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Launched, launch } from '@beseda/launcher/launch'
import { afterAll, beforeAll, expect, type TestContext, test, vi } from 'vitest'
import { RunError } from './failure.ts'
import { childrenOf } from './machine.ts'
import { summarise } from './outcome.ts'
import { type BotProcess, startProcess } from './processes.ts'
import { reportOf } from './report.ts'
import { run } from './run.ts'
import { checkScenario } from './scenario.ts'
import { judge } from './verdict.ts'

let beseda: Launched
let dataDir: string

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'beseda-bots-'))
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
  await beseda.close()
  await rm(dataDir, { recursive: true, force: true })
})

const watcher = { onSignedIn: () => {}, onSample: () => {} }
const start = (scenario: Parameters<typeof run>[0]) =>
  run(scenario, watcher, new AbortController().signal)

test('twenty bots talk, show themselves and write, and the verdict is good', {
  timeout: 60_000,
}, async () => {
  const scenario = checkScenario(
    {
      url: beseda.url,
      duration: 8,
      rampUp: 3,
      processes: 2,
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
  expect(outcome.processes.map(({ bots }) => bots)).toEqual([12, 8])
  const processes = ['server', 'SFU', 'SFU worker']
  expect(processes).toEqual(expect.arrayContaining(summary.machine.map(({ name }) => name)))
  expect(outcome.messages).toMatchObject({ delivered: outcome.messages.sent * 19, lost: 0 })
  const report = reportOf(summary, verdict, outcome)
  expect(report).toContain('six')
  expect(report).not.toMatch(/(src|href)=/)
})

test.concurrent('a process that dies fails its bots and the run; the others go on', {
  timeout: 60_000,
}, async () => {
  const processes: BotProcess[] = []
  const scenario = checkScenario(
    { url: beseda.url, duration: 4, rampUp: 0, processes: 2, calls: [{ participants: 4 }] },
    'smoke',
  )
  const outcome = await run(
    scenario,
    {
      ...watcher,
      onSample: ({ joined }) => {
        if (joined === 4) processes[0]?.kill()
      },
    },
    new AbortController().signal,
    (onReport) => {
      const process = startProcess(onReport)
      processes.push(process)
      return process
    },
  )
  expect(outcome.processes.map(({ ended }) => ended)).toEqual(['SIGKILL', null])
  expect(outcome.failures).toContainEqual({
    what: 'The process that the bot was in has ended (SIGKILL).',
    times: 2,
  })
  expect(outcome.bots.map(({ joins }) => joins).sort()).toEqual([0, 0, 1, 1])
  expect(outcome.samples.length).toBeGreaterThanOrEqual(3)
  expect(judge(scenario, summarise(outcome), outcome).passed).toBe(false)
})

/** \`npx pnpm bots\` with two processes, once its bots are in. */
async function startCommand({ onTestFinished }: TestContext) {
  const entry = join(import.meta.dirname, 'main.ts')
  const flags = ['--url', beseda.url, '--participants', '4', '--processes', '2', '--ramp-up', '0']
  const args = ['--disable-warning=ExperimentalWarning', entry, ...flags, '--duration', '60']
  // As a terminal has it: a group of its own, all of which Ctrl-C reaches.
  const command = spawn(process.execPath, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void command.kill('SIGKILL'))
  let said = ''
  command.stdout.on('data', (data) => {
    said += data
  })
  await vi.waitFor(() => expect(said).toMatch(/ 1 s +[0-4] /), { timeout: 30_000 })
  const pid = command.pid ?? 0
  const children = await childrenOf(pid)
  onTestFinished(() => {
    for (const child of children.filter(lives)) process.kill(child, 'SIGKILL')
  })
  return { command, pid, children, said: () => said }
}

const lives = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test.concurrent('where the command is killed, its processes end', {
  timeout: 60_000,
}, async (context) => {
  const { pid, children } = await startCommand(context)
  expect(children).toHaveLength(2)
  process.kill(pid, 'SIGKILL')
  await vi.waitFor(() => expect(children.filter(lives)).toEqual([]), { timeout: 15_000 })
})

test.concurrent('Ctrl-C ends all in order, and what was measured until then is told', {
  timeout: 60_000,
}, async (context) => {
  const { command, pid, children, said } = await startCommand(context)
  process.kill(-pid, 'SIGINT')
  const [code] = await once(command, 'exit')
  expect(code).toBeLessThanOrEqual(1)
  expect(said()).toContain('4 bots, ')
  expect(said()).toContain('start to ringing')
  expect(said()).toMatch(/passed\.\n$/i)
  expect(children.filter(lives)).toEqual([])
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
