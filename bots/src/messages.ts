import { z } from 'zod'
import { botResultSchema, type Layers, type Second } from './outcome.ts'
import { planSchema } from './plan.ts'
import { scenarioSchema } from './scenario.ts'

/** What a process of bots is told, each once and in this order; `stop` at any time. */
export const orderSchema = z.discriminatedUnion('type', [
  /** Sign these bots of the plan in; `run` makes their names unlike those of other runs. */
  z.object({
    type: z.literal('enter'),
    scenario: scenarioSchema,
    plan: planSchema,
    own: z.array(z.int()),
    /** How many passwords may be hashed at once. */
    atOnce: z.int().min(1),
    run: z.string(),
  }),
  /** Make the chats that its bots are the first of; users by the index of their bot. */
  z.object({ type: z.literal('meet'), userIds: z.array(z.string()) }),
  /** Begin; the calls' chats by their index, the time is that of `machineNow`. */
  z.object({
    type: z.literal('act'),
    startAt: z.number(),
    calls: z.array(z.string()),
    chat: z.string().nullable(),
  }),
  /** So many messages were sent by all. */
  z.object({ type: z.literal('settle'), sent: z.int() }),
  /** Leave now, and say what came out. */
  z.object({ type: z.literal('stop') }),
])
export type Order = z.output<typeof orderSchema>

const layersSchema: z.ZodType<Layers> = z.record(z.string(), z.number())
const secondSchema: z.ZodType<Second> = z.object({ kbps: z.number(), layers: layersSchema })

/** What one process sees in one second of the run. */
const shareSchema = z.object({
  /** Which second, from 1 on; one that it was too late for is left out. */
  nth: z.int(),
  joined: z.int(),
  failures: z.int(),
  /** From asking to join to media so far, ms. */
  mediaMs: z.array(z.number()),
  /** What each of its bots received. */
  seconds: z.array(secondSchema),
  /** Since the start. */
  packets: z.int(),
  lost: z.int(),
  freezes: z.int(),
  /** Of each track, ms. */
  jitterMs: z.array(z.number()),
  /** 99th percentile of how late its own timers were. */
  lagMs: z.number(),
  /** Of one core. */
  cpuPercent: z.number(),
  memoryMb: z.number(),
})
export type Share = z.infer<typeof shareSchema>

/** Something that happened in a chat, by `machineNow`. */
const momentSchema = z.object({ chatId: z.string(), at: z.number() })
export type Moment = z.infer<typeof momentSchema>

/** What came of one process's bots. */
const resultSchema = z.object({
  bots: z.array(z.object({ index: z.int(), result: botResultSchema })),
  /** When calls were started here, and when they rang here. */
  begun: z.array(momentSchema),
  rung: z.array(momentSchema),
  /** Messages that its bots sent. */
  sent: z.int(),
  deliveryMs: z.array(z.number()),
  /** Messages that should have come down its bots' sockets. */
  expected: z.int(),
  /** Failures of none of its bots. */
  failures: z.array(z.string()),
  /** Over the whole run. */
  lagMs: z.number(),
  cpuPercent: z.number(),
})
export type Result = z.infer<typeof resultSchema>

/** What a process of bots says. Those of the first three kinds come often, the others once. */
export const reportSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('signedIn') }),
  /** A socket was opened there for the first time. */
  z.object({ type: z.literal('socket'), url: z.string() }),
  z.object({ type: z.literal('share'), share: shareSchema }),
  /** All its bots are signed in. */
  z.object({
    type: z.literal('entered'),
    members: z.array(z.object({ index: z.int(), name: z.string(), userId: z.string() })),
  }),
  /** The chats that its bots have made or joined. */
  z.object({
    type: z.literal('placed'),
    calls: z.array(z.object({ call: z.int(), chatId: z.string() })),
    chat: z.string().nullable(),
  }),
  /** Its bots have left, and sent so many messages. */
  z.object({ type: z.literal('written'), sent: z.int() }),
  z.object({ type: z.literal('done'), result: resultSchema }),
  /** It can't go on, for a reason that is none of its own. */
  z.object({ type: z.literal('impossible'), message: z.string() }),
])
export type Report = z.output<typeof reportSchema>
