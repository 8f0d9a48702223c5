import { parseArgs } from 'node:util'
import type { Raised } from './capacity.ts'
import { ScenarioError } from './scenario.ts'

const options = {
  scenario: { type: 'string' },
  capacity: { type: 'string' },
  engine: { type: 'string' },
  url: { type: 'string' },
  bots: { type: 'string' },
  calls: { type: 'string' },
  participants: { type: 'string' },
  audio: { type: 'string' },
  video: { type: 'string' },
  screen: { type: 'string' },
  'no-simulcast': { type: 'boolean' },
  codec: { type: 'string' },
  talkers: { type: 'string' },
  turn: { type: 'string' },
  churn: { type: 'string' },
  invite: { type: 'string' },
  loss: { type: 'string' },
  delay: { type: 'string' },
  bandwidth: { type: 'string' },
  impaired: { type: 'string' },
  messages: { type: 'string' },
  'ramp-up': { type: 'string' },
  duration: { type: 'string' },
  seed: { type: 'string' },
  processes: { type: 'string' },
  json: { type: 'string' },
  report: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

export const usage = `npx pnpm bots [--scenario file.json] [flags]

  --scenario file   what to do, as JSON (bots/examples/); flags below go before it
  --url url         the server (http://127.0.0.1:3000)
  --capacity what   raise the load until a threshold breaks: calls, or participants
                    of one call; the scenario is the load to begin with
  --engine name     light: many bots to a core, nothing decoded; full: libwebrtc (light)
  --duration s      from the first join to the end (30; of each step of --capacity 15)
  --ramp-up s       the time over which the bots join (5)
  --seed n          the same seed makes the same run (1)
  --processes n     that the bots are dealt to (as many as their work needs, at most
                    one for each core)
  --json file       write all figures
  --report file     write one HTML page with charts

Instead of a file:
  --bots n          all of them; with --participants this makes the number of calls
  --calls n         calls at once (1)
  --participants n  in each call (2)
  --audio n|all     who sends a microphone (all)
  --video n|all     who sends a camera (0)
  --screen n|all    who sends a screen (0)
  --no-simulcast    the camera in one size
  --codec name      of pictures: vp8 or h264 (vp8)
  --talkers n       talk at a time in each call (1)
  --turn s          until others talk (4)
  --churn n         times a minute that each bot leaves and comes back (0)
  --invite code     join the chat of this invitation
  --loss %          packets that a bad network loses, each way (0)
  --delay ms        how long it takes, each way (0)
  --bandwidth n     kbit/s that go through it, each way (as much as comes)
  --impaired n|all  bots of each call that are behind it (all, if it is bad at all)
  --messages n      chat messages a second, in a group of all bots (none)

Exit code: 0 all thresholds kept, 1 one broken, 2 the run could not be made.`

export type Flags = {
  help: boolean
  /** Raise the load instead of running the scenario once. */
  capacity: Raised | undefined
  /** The scenario's file. */
  file: string | undefined
  json: string | undefined
  report: string | undefined
  /** What the flags say of the scenario; goes before the file. */
  scenario: Record<string, unknown>
}

/** Read the command line; whether it makes sense is the scenario's to check. @throws ScenarioError */
export function readFlags(args: string[]): Flags {
  const values = parse(args.filter((arg, index) => index > 0 || arg !== '--'))
  const file = values.scenario
  const number = (name: keyof typeof values) => {
    const value = values[name]
    if (value === undefined) return undefined
    const read = Number(value)
    if (value === '' || !Number.isFinite(read)) {
      throw new ScenarioError(`--${name}: ${String(value)} is not a number`)
    }
    return read
  }
  const share = (name: 'audio' | 'video' | 'screen' | 'impaired') =>
    values[name] === 'all' ? 'all' : number(name)
  const whole = defined({
    url: values.url,
    engine: values.engine,
    seed: number('seed'),
    processes: number('processes'),
    duration: number('duration') ?? (values.capacity === undefined ? undefined : 15),
    rampUp: number('ramp-up'),
  })
  const network = defined({
    bots: share('impaired'),
    lossPercent: number('loss'),
    delayMs: number('delay'),
    kbps: number('bandwidth'),
  })
  const call = defined({
    participants: number('participants'),
    audio: share('audio'),
    video: share('video'),
    screen: share('screen'),
    simulcast: values['no-simulcast'] ? false : undefined,
    codec: values.codec,
    talkers: number('talkers'),
    turn: number('turn'),
    churn: number('churn'),
    invite: values.invite,
    network: Object.keys(network).length > 0 ? network : undefined,
  })
  const bots = number('bots')
  const calls = number('calls')
  const messages = number('messages')
  const capacity = readRaised(values.capacity)
  const { json, report, help = false } = values
  const outputs = { json, report, help, file, capacity }
  if (file !== undefined) {
    const [stray] = Object.keys({ ...call, ...defined({ bots, calls, messages }) })
    if (stray) throw new ScenarioError(`--${stray}: stands in ${file}, not beside it`)
    return { ...outputs, scenario: whole }
  }
  const participants = number('participants') ?? 2
  const count = calls ?? (bots === undefined ? 1 : Math.floor(bots / participants))
  if (bots !== undefined && bots < participants) {
    throw new ScenarioError(`--bots: ${bots} are too few for a call of ${participants}`)
  }
  const all = bots ?? count * participants
  const chat =
    messages === undefined
      ? {}
      : {
          chat: {
            type: all > 100 ? 'channel' : 'group',
            members: all,
            messagesPerSecond: messages,
          },
        }
  return { ...outputs, scenario: { ...whole, calls: [{ ...call, count }], ...chat } }
}

function readRaised(value: string | undefined): Raised | undefined {
  if (value === undefined || value === 'calls' || value === 'participants') return value
  throw new ScenarioError(`--capacity: ${value} is neither calls nor participants`)
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options, strict: true }).values
  } catch (error) {
    throw new ScenarioError(error instanceof Error ? error.message : String(error))
  }
}

function defined(given: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}
