import { makeRandom } from '@beseda/client/testing/unsteady'
import { type Source, sourceSchema } from '@beseda/protocol/media'
import { z } from 'zod'
import type { Network } from './engines/impairment.ts'
import { type CallsSpec, callsSchema, type Scenario } from './scenario.ts'

/** A time in a call; milliseconds from the start. */
const staySchema = z.object({ joinAt: z.number(), leaveAt: z.number() })
type Stay = z.infer<typeof staySchema>

const networkSchema: z.ZodType<Network> = z.object({
  lossPercent: z.number(),
  delayMs: z.number(),
  kbps: z.number().nullable(),
})

const botPlanSchema = z.object({
  index: z.int(),
  /** The call that it joins, an index of `calls`; null for one that only chats. */
  call: z.int().nullable(),
  sources: z.array(sourceSchema),
  /** The bad network that it is in; null for that of this machine. */
  network: networkSchema.nullable(),
  stays: z.array(staySchema),
})
export type BotPlan = z.infer<typeof botPlanSchema>

const callPlanSchema = z.object({
  name: z.string(),
  spec: callsSchema,
  /** Indices of its bots; the first makes the group and starts the call. */
  bots: z.array(z.int()),
  /** Who talks from when on, in order of time. */
  turns: z.array(z.object({ at: z.number(), bots: z.array(z.int()) })),
})
type CallPlan = z.infer<typeof callPlanSchema>

/** Made once for a run, and told to all its processes. */
export const planSchema = z.object({
  bots: z.array(botPlanSchema),
  calls: z.array(callPlanSchema),
  /** Bots in the chat; the first makes it. */
  chat: z.array(z.int()),
  /** Who writes when, in order of time. */
  messages: z.array(z.object({ at: z.number(), bot: z.int() })),
  /** Milliseconds from the first join to the end. */
  duration: z.number(),
})
export type Plan = z.infer<typeof planSchema>

/** The second of a call waits for its ring and answers at once; the others come when it rings already. */
const starterFirstMs = 500
/** How long one who leaves stays away. */
const awayMs = 1_000

/** Everything that will happen, the same for the same scenario and seed. */
export function makePlan(scenario: Scenario): Plan {
  const random = makeRandom(scenario.seed)
  const duration = scenario.duration * 1000
  const rampUp = scenario.rampUp * 1000
  const bots: BotPlan[] = []
  const calls: CallPlan[] = []
  for (const spec of scenario.calls) {
    for (let nth = 0; nth < spec.count; nth++) {
      const name = spec.count === 1 ? spec.name : `${spec.name} ${nth + 1}`
      const first = bots.length
      const members = Array.from({ length: spec.participants }, (_, index) => first + index)
      for (const [place, index] of members.entries()) {
        const sources = sourcesOf(spec, place)
        bots.push({
          index,
          call: calls.length,
          sources,
          network: networkOf(spec, place),
          stays: [],
        })
      }
      calls.push({ name, spec, bots: members, turns: [] })
    }
  }
  const inCalls = bots.length
  for (const bot of bots) {
    const call = bot.call === null ? undefined : calls[bot.call]
    if (!call) continue
    const starts = call.bots[0] === bot.index
    const answers = call.bots[1] === bot.index
    const place = answers ? bot.index - 1 : bot.index
    const share = inCalls > 1 ? place / (inCalls - 1) : 0
    const later = starts || answers ? 0 : starterFirstMs
    const joinAt = Math.min(rampUp * share + later, duration * 0.9)
    // The starter stays: a call of two ends with whoever leaves.
    const churn = starts ? 0 : call.spec.churn
    bot.stays = staysOf({ joinAt, leaveAt: duration }, churn, random)
  }
  for (const call of calls) call.turns = turnsOf(call, bots, duration, random)

  const { chat } = scenario
  for (let index = bots.length; index < (chat?.members ?? 0); index++) {
    bots.push({ index, call: null, sources: [], network: null, stays: [] })
  }
  const members = bots.slice(0, chat?.members ?? 0).map(({ index }) => index)
  // Members of a channel read; its owner writes.
  const writers = chat?.type === 'channel' ? members.slice(0, 1) : members
  const messages = chat ? messagesOf(chat.messagesPerSecond, writers, duration, random) : []
  return { bots, calls, chat: members, messages, duration }
}

function sourcesOf(spec: CallsSpec, place: number): Source[] {
  const sends = (share: 'all' | number) => share === 'all' || place < share
  const sources: Source[] = []
  if (sends(spec.audio)) sources.push('microphone')
  if (sends(spec.video)) sources.push('camera')
  if (sends(spec.screen)) sources.push('screen')
  return sources
}

function networkOf({ network, participants }: CallsSpec, place: number): Network | null {
  if (!network) return null
  const from = network.bots === 'all' ? 0 : participants - network.bots
  if (place < from) return null
  const { lossPercent, delayMs, kbps = null } = network
  return { lossPercent, delayMs, kbps }
}

/** Cut a stay by going away `churn` times a minute, at random moments. */
function staysOf(whole: Stay, churn: number, random: () => number): Stay[] {
  const stays: Stay[] = []
  let { joinAt } = whole
  while (churn > 0) {
    // Times between are spread as those of independent events are.
    const leaveAt = joinAt + (60_000 / churn) * -Math.log(1 - random())
    if (leaveAt + awayMs >= whole.leaveAt) break
    stays.push({ joinAt, leaveAt })
    joinAt = leaveAt + awayMs
  }
  return [...stays, { joinAt, leaveAt: whole.leaveAt }]
}

function turnsOf(call: CallPlan, bots: BotPlan[], duration: number, random: () => number) {
  const turns: CallPlan['turns'] = []
  for (let at = 0; at < duration; at += call.spec.turn * 1000) {
    const here = call.bots.filter((index) => {
      const bot = bots[index]
      const speaks = bot?.sources.includes('microphone')
      return speaks && bot?.stays.some(({ joinAt, leaveAt }) => joinAt <= at && at < leaveAt)
    })
    // At first only the starter may be there.
    const candidates = here.length > 0 ? here : call.bots.slice(0, 1)
    turns.push({ at, bots: shuffled(candidates, random).slice(0, call.spec.talkers) })
  }
  return turns
}

function messagesOf(
  perSecond: number,
  writers: number[],
  duration: number,
  random: () => number,
): Plan['messages'] {
  const every = 1000 / perSecond
  const messages: Plan['messages'] = []
  for (let at = every; at < duration; at += every) {
    const bot = writers[Math.floor(random() * writers.length)]
    if (bot !== undefined) messages.push({ at, bot })
  }
  return messages
}

function shuffled<Item>(items: Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item)
}
