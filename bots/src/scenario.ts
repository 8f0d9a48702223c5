import { limits } from '@beseda/protocol/limits'
import { z } from 'zod'

/** How many of a call's participants, or all of them. */
const shareSchema = z.union([z.literal('all'), z.int().min(0)])

/** A bad network between some bots and the server, the same both ways. */
const networkSchema = z.strictObject({
  /** How many of each call have it, from the last one on. */
  bots: shareSchema.default('all'),
  lossPercent: z.number().min(0).max(100).default(0),
  /** One way. */
  delayMs: z.number().min(0).max(10_000).default(0),
  /** What goes through; nothing said is as much as comes. */
  kbps: z.number().positive().optional(),
})

export const callsSchema = z.strictObject({
  name: z.string().min(1).default('calls'),
  /** How many such calls run at once. */
  count: z.int().min(1).default(1),
  participants: z.int().min(1).max(limits.channelMembersMax).default(2),
  audio: shareSchema.default('all'),
  video: shareSchema.default(0),
  screen: shareSchema.default(0),
  /** Three layers of the camera instead of the largest alone. */
  simulcast: z.boolean().default(true),
  /** In which pictures are sent. */
  codec: z.literal(['vp8', 'h264']).default('vp8'),
  /** How many of those with a microphone talk at a time; the others are silent, as with Opus DTX. */
  talkers: z.int().min(1).default(1),
  /** Seconds until others talk. */
  turn: z.number().positive().default(4),
  /** How often each bot leaves and comes back, times a minute. */
  churn: z.number().min(0).default(0),
  network: networkSchema.optional(),
  /** Join this chat by its invitation instead of making a group. */
  invite: z.string().min(1).optional(),
})

const chatSchema = z.strictObject({
  type: z.literal(['group', 'channel']).default('group'),
  members: z.int().min(1).max(limits.channelMembersMax),
  messagesPerSecond: z.number().positive(),
  /** Join this chat by its invitation instead of making one. */
  invite: z.string().min(1).optional(),
})

const thresholdsSchema = z.strictObject({
  /** Times that something did not work: a bot that got in nowhere, a call that broke. */
  failures: z.int().min(0).default(0),
  /** 95th percentile from asking to join to the first packet of somebody's media. */
  joinP95Ms: z.number().positive().default(3_000),
  /** Packets that never came, repeats counted as come. */
  lossPercent: z.number().min(0).default(1),
  /** 95th percentile from a ring that is answered at once to the first packet. */
  answerP95Ms: z.number().positive().default(3_000),
  /** 95th percentile from asking to join to the first frame of somebody's picture. */
  frameP95Ms: z.number().positive().default(4_000),
  /** Share of the time for which pictures came that they stood still. */
  frozenPercent: z.number().min(0).default(2),
  /** 95th percentile of the tracks' RTP jitter. */
  jitterP95Ms: z.number().positive().default(50),
  /** The longest hole in anybody's sound. */
  audioGapMs: z.number().positive().default(1_000),
  /** 95th percentile from sending a message to its coming down another's socket. */
  messageP95Ms: z.number().positive().default(2_000),
})
export type Thresholds = z.infer<typeof thresholdsSchema>

const accountSchema = z.strictObject({ username: z.string().min(1), password: z.string().min(1) })
export type Account = z.infer<typeof accountSchema>

/** What the bots do; times in seconds. */
export const scenarioSchema = z
  .strictObject({
    /** How bots do WebRTC: many to a core from recorded packets, or as browsers, encoding and decoding. */
    engine: z.literal(['light', 'full']).default('light'),
    /** Origin of any Beseda server. */
    url: z
      .url({ protocol: /^https?$/ })
      .transform((url) => url.replace(/\/+$/, ''))
      .default('http://127.0.0.1:3000'),
    seed: z.int().default(1),
    /** Processes that the bots are dealt to; nothing said is as many as their work needs. */
    processes: z.int().min(1).max(64).optional(),
    /** From the first join to the end. */
    duration: z.number().positive().max(86_400).default(30),
    /** The time over which the bots join. */
    rampUp: z.number().min(0).default(5),
    calls: z.array(callsSchema).default([]),
    chat: chatSchema.optional(),
    /** Accounts to use; bots beyond them register. */
    accounts: z.array(accountSchema).default([]),
    thresholds: thresholdsSchema.prefault({}),
  })
  .superRefine((scenario, context) => {
    const refuse = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message })
    if (scenario.calls.length === 0 && !scenario.chat) {
      refuse(['calls'], 'there is neither a call nor a chat')
    }
    if (scenario.rampUp >= scenario.duration) {
      refuse(['rampUp'], `takes as long as the whole run (${scenario.duration} s)`)
    }
    for (const [index, calls] of scenario.calls.entries()) {
      for (const kind of ['audio', 'video', 'screen'] as const) {
        const share = calls[kind]
        if (share !== 'all' && share > calls.participants) {
          refuse(['calls', index, kind], `more than the ${calls.participants} participants`)
        }
      }
      if (scenario.engine === 'full') {
        if (calls.network) refuse(['calls', index, 'network'], 'only the light engine has bad ones')
        if (calls.codec !== 'vp8')
          refuse(['calls', index, 'codec'], 'the full engine has VP8 alone')
      }
      const bad = calls.network?.bots ?? 0
      if (bad !== 'all' && bad > calls.participants) {
        refuse(
          ['calls', index, 'network', 'bots'],
          `more than the ${calls.participants} participants`,
        )
      }
      const shares = [calls.audio, calls.video, calls.screen]
      if (!calls.invite && calls.participants > limits.groupMembersMax) {
        // They make a channel then, in which its owner speaks.
        if (shares.some((share) => share === 'all' || share > 1)) {
          refuse(
            ['calls', index, 'participants'],
            `of more than ${limits.groupMembersMax} one sends, the others listen`,
          )
        }
      }
    }
    const { chat } = scenario
    if (chat?.type === 'group' && !chat.invite && chat.members > limits.groupMembersMax) {
      refuse(['chat', 'members'], 'a group holds 100 at most, a channel 1000')
    }
  })
export type Scenario = z.output<typeof scenarioSchema>
export type CallsSpec = Scenario['calls'][number]

/** A scenario that can't be run, with a line for each thing that is wrong. */
export class ScenarioError extends Error {
  override name = 'ScenarioError'
}

/**
 * Check a scenario from a file or from flags.
 *
 * @throws ScenarioError with lines such as `storm.json: calls.2.participants: …`
 */
export function checkScenario(value: unknown, place: string): Scenario {
  const parsed = scenarioSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const lines = parsed.error.issues.map(({ path, message }) =>
    [place, path.join('.'), message].filter((part) => part !== '').join(': '),
  )
  throw new ScenarioError(lines.join('\n'))
}

/** Read the text of a scenario file. @throws ScenarioError */
export function readScenario(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new ScenarioError(`${file}: is not JSON: ${error instanceof Error ? error.message : ''}`)
  }
}
