import type { BotPlan, Plan } from './plan.ts'
import type { Scenario } from './scenario.ts'

/**
 * What bots take, in percent of a core, as it was measured (docs/bots.md): enough to tell how many
 * processes they need, and to give each a like share.
 */
const costs = {
  light: { camera: 0.8, screen: 0.5, picture: 0.4, voice: 0.1, silence: 0.02 },
  full: { camera: 35, screen: 20, picture: 6, voice: 1, silence: 0.5 },
}
/** Of a bot that only holds its event socket, and of a message a second that comes down it. */
const presence = 0.05
const delivery = 0.0025

/** So much of a core is given to a process at first: joining takes more than being in. */
const fill = 70

/** Calls are kept whole as long as no process has more to do than this, of its fair share. */
const even = 1.1
/** Else those are spread that are more than this part of a share. */
const large = 0.25

/** What each bot takes, in percent of a core. */
function weigh({ bots, calls, chat, messages, duration }: Plan, engine: Scenario['engine']) {
  const cost = costs[engine]
  const members = new Set(chat)
  const perSecond = messages.length / (duration / 1000)
  const sends = (call: BotPlan['call'], what: BotPlan['sources'][number]) =>
    (calls[call ?? -1]?.bots ?? []).filter((bot) => bots[bot]?.sources.includes(what)).length
  const perCall = calls.map(({ spec }, call) => {
    const voices = Math.min(spec.talkers, sends(call, 'microphone'))
    return {
      pictures: sends(call, 'camera') + sends(call, 'screen'),
      sound: voices * cost.voice + (sends(call, 'microphone') - voices) * cost.silence,
    }
  })
  return bots.map(({ index, call, sources }) => {
    const own = perCall[call ?? -1] ?? { pictures: 0, sound: 0 }
    const shown = sources.filter((source) => source !== 'microphone')
    return (
      presence +
      (members.has(index) ? perSecond * delivery : 0) +
      shown.reduce((sum, source) => sum + (source === 'camera' ? cost.camera : cost.screen), 0) +
      (own.pictures - shown.length) * cost.picture +
      own.sound
    )
  })
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0)

/**
 * To how many processes the bots are dealt: as many as the scenario says, else as many as their
 * work needs, one for each core at most. Never more than there are bots.
 */
export function processesFor(scenario: Scenario, plan: Plan, cores: number): number {
  const needed = Math.ceil(sum(weigh(plan, scenario.engine)) / fill)
  const wanted = scenario.processes ?? Math.max(1, Math.min(cores, needed))
  return Math.min(wanted, plan.bots.length)
}

/**
 * Deal the bots to processes so that all have about as much to do. Calls are kept whole where that
 * comes out even, so that few suffer where a process fails; else large ones are spread, or they
 * would be one core's burden.
 *
 * @returns for each process the indices of its bots, in order
 */
export function deal(plan: Plan, processes: number, engine: Scenario['engine']): number[][] {
  const weights = weigh(plan, engine)
  const weightOf = (bots: readonly number[]) => sum(bots.map((bot) => weights[bot] ?? 0))
  const share = sum(weights) / processes
  const single = plan.bots.filter(({ call }) => call === null).map(({ index }) => [index])

  function dealOut(groups: readonly number[][]) {
    const hands = Array.from({ length: processes }, () => ({ bots: [] as number[], weight: 0 }))
    // The heaviest first: the light ones even out what these leave.
    for (const bots of [...groups, ...single].sort((a, b) => weightOf(b) - weightOf(a))) {
      const least = hands.reduce((a, b) => (b.weight < a.weight ? b : a))
      least.bots.push(...bots)
      least.weight += weightOf(bots)
    }
    return hands
  }

  const whole = dealOut(plan.calls.map(({ bots }) => bots))
  const isEven = whole.every(({ weight }) => weight <= share * even)
  const hands = isEven
    ? whole
    : dealOut(
        plan.calls.flatMap(({ bots }) =>
          weightOf(bots) > share * large ? bots.map((bot) => [bot]) : [bots],
        ),
      )
  return hands.map(({ bots }) => bots.sort((a, b) => a - b))
}
