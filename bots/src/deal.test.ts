import { expect, test } from 'vitest'
import { deal, processesFor } from './deal.ts'
import { makePlan } from './plan.ts'
import { checkScenario } from './scenario.ts'

const planOf = (value: Record<string, unknown>) => {
  const scenario = checkScenario(value, 'test')
  return { scenario, plan: makePlan(scenario) }
}
const cameras = (count: number) => ({ calls: [{ count, participants: 4, video: 'all' }] })
const processesOf = (value: Record<string, unknown>, cores = 4) => {
  const { scenario, plan } = planOf(value)
  return processesFor(scenario, plan, cores)
}

test('there is one process up to what a core carries, then as many as are needed, one for each core at most', () => {
  expect(processesOf(cameras(1))).toBe(1)
  expect(processesOf(cameras(7))).toBe(1)
  expect(processesOf(cameras(12))).toBe(2)
  expect(processesOf(cameras(100))).toBe(4)
  expect(processesOf({ calls: [{ participants: 40, audio: 1, video: 1 }] })).toBe(1)
  expect(processesOf({ calls: [{ participants: 300, audio: 1, video: 1 }] })).toBe(3)
  expect(processesOf({ ...cameras(1), engine: 'full' })).toBe(4)
})

test('what the scenario says goes first, but no process is without a bot', () => {
  expect(processesOf({ ...cameras(10), processes: 1 })).toBe(1)
  expect(processesOf({ ...cameras(1), processes: 3 })).toBe(3)
  expect(processesOf({ calls: [{}], processes: 8 })).toBe(2)
})

test('every bot is dealt once, calls stay whole, and all processes have about as much to do', () => {
  const { plan } = planOf(cameras(12))
  const hands = deal(plan, 2, 'light')
  expect(hands.flat().sort((a, b) => a - b)).toEqual(plan.bots.map(({ index }) => index))
  expect(hands.map((hand) => hand.length)).toEqual([24, 24])
  for (const { bots } of plan.calls) {
    expect(hands.filter((hand) => bots.some((bot) => hand.includes(bot)))).toHaveLength(1)
  }
})

test('two calls in two processes stay whole, three in two do not', () => {
  expect(deal(planOf(cameras(2)).plan, 2, 'light')).toEqual([
    [0, 1, 2, 3],
    [4, 5, 6, 7],
  ])
  const hands = deal(planOf(cameras(3)).plan, 2, 'light')
  expect(hands.map((hand) => hand.length)).toEqual([6, 6])
})

test('a big meeting is spread, and small calls beside it fill up', () => {
  const { plan } = planOf({
    calls: [{ participants: 30, video: 2 }, { count: 4 }],
    chat: { members: 40, messagesPerSecond: 1 },
  })
  const [first = [], second = []] = deal(plan, 2, 'light')
  expect([...first, ...second].sort((a, b) => a - b)).toEqual(plan.bots.map(({ index }) => index))
  const inMeeting = first.filter((bot) => bot < 30).length
  expect(inMeeting).toBeGreaterThan(10)
  expect(inMeeting).toBeLessThan(20)
  // The two who show themselves do more than the others.
  expect(first.includes(0)).not.toBe(first.includes(1))
})
